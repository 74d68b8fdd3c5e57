import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

/** What identifies content. */
export interface Digest {
  /** Lower-case hex. */
  sha256: string;
  bytes: number;
}

/** Counts and hashes bytes on their way. */
export class Meter {
  private readonly hash = createHash('sha256');
  private bytes = 0;

  update(chunk: Uint8Array): void {
    this.hash.update(chunk);
    this.bytes += chunk.length;
  }

  /** Ends the count; to be called once. */
  digest(): Digest {
    return { sha256: this.hash.digest('hex'), bytes: this.bytes };
  }
}

export function digestOf(content: Uint8Array): Digest {
  const meter = new Meter();
  meter.update(content);
  return meter.digest();
}

export async function digestOfStream(source: Readable): Promise<Digest> {
  const meter = new Meter();
  for await (const chunk of source) meter.update(chunk as Buffer);
  return meter.digest();
}

export function sameDigest(a: Digest, b: Digest): boolean {
  return a.bytes === b.bytes && a.sha256 === b.sha256;
}

/** For messages: size and the start of the hash. */
export function describeDigest({ sha256, bytes }: Digest): string {
  return `${String(bytes)} bytes with sha256 ${sha256.slice(0, 12)}…`;
}
