import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file's bytes in memory of their own, so that any typed array may lie over them. */
export function readArray(dir: string, file: string): ArrayBuffer {
  const bytes = readFileSync(join(dir, file));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

export function writeArray(dir: string, file: string, array: ArrayBufferView): void {
  const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  writeFileSync(join(dir, file), bytes);
}
