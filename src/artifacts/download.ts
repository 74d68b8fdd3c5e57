import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ArtifactRef } from './artifactStore';
import { describeDigest, Meter, sameDigest, type Digest } from './digest';
import { artifactCorrupt } from './failures';

/**
 * Runs `fill` on a temporary name beside `path` and moves the result there, so that the path holds
 * the whole, verified object or what it held before.
 */
export async function placeVerified(
  ref: ArtifactRef,
  path: string,
  fill: (temporary: string) => Promise<Digest>,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const found = await fill(temporary);
    if (!sameDigest(found, ref)) {
      throw artifactCorrupt(ref.key, describeDigest(found), describeDigest(ref));
    }
    await rename(temporary, path);
  } finally {
    // Renaming one hard link over another of the same file leaves both names.
    await rm(temporary, { force: true });
  }
}

/**
 * Writes a stream to a new file, hashing as it goes. When it returns, or fails, the file is closed:
 * a pipeline that fails at once leaves its file to be created later, after who called has cleaned up.
 */
export async function saveStream(source: Readable, path: string): Promise<Digest> {
  const meter = new Meter();
  const file = createWriteStream(path, { flags: 'wx' });
  const closed = new Promise<void>((resolve) => file.once('close', () => resolve()));
  const metered = async function* (chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    for await (const chunk of chunks) {
      meter.update(chunk);
      yield chunk;
    }
  };
  await pipeline(source, metered, file).finally(() => closed);
  return meter.digest();
}
