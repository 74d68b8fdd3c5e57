import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteSource } from '../ml/transformers/files/byteSource';

/** Opens a file for piecewise reading while `use` runs. */
export function withFile<T>(path: string, use: (source: ByteSource) => T): T {
  const file = openSync(path, 'r');
  try {
    return use({ size: fstatSync(file).size, read: (start, end) => readPart(file, start, end) });
  } finally {
    closeSync(file);
  }
}

/** Largest piece that one system call is asked for. */
const piece = 256 * 1024 * 1024;

function readPart(file: number, start: number, end: number): Uint8Array {
  const content = new Uint8Array(end - start);
  for (let done = 0; done < content.length;) {
    const wanted = Math.min(piece, content.length - done);
    const read = readSync(file, content, done, wanted, start + done);
    if (read === 0) throw new Error('the file became shorter while it was read');
    done += read;
  }
  return content;
}
