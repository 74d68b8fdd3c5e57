import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { digestOfStream, type Digest } from '../artifacts/digest';
import { encoderFiles } from './encoderFolder';

/** The identity of an encoder: its files, whatever they lie beside. */
export interface ContentHash {
  /**
   * sha256 of the lines `<sha256>  <path>` of its files sorted by path, as `sha256sum` prints them.
   */
  hash: string;
  files: ReadonlyMap<string, Digest>;
  bytes: number;
}

export async function contentHash(folder: string): Promise<ContentHash> {
  const files = new Map<string, Digest>();
  const all = createHash('sha256');
  let bytes = 0;
  for (const path of encoderFiles(folder)) {
    const digest = await digestOfStream(createReadStream(join(folder, path)));
    files.set(path, digest);
    all.update(`${digest.sha256}  ${path}\n`);
    bytes += digest.bytes;
  }
  return { hash: all.digest('hex'), files, bytes };
}
