/**
 * Files of any size. Node reads and writes 2 GiB at once at most: `readFileSync` refuses larger files,
 * `writeFileSync` larger arrays.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { ByteSource } from '../ml/byteSource';

/** Bytes that one system call is asked for. */
const largestPiece = 256 * 1024 * 1024;

/** Opens a file for piecewise reading while `use` runs. */
export function withFile<T>(path: string, use: (source: ByteSource) => T, piece = largestPiece): T {
  const file = openSync(path, 'r');
  const readInto = (start: number, into: Uint8Array): void => {
    for (let done = 0; done < into.length;) {
      const wanted = Math.min(piece, into.length - done);
      const read = readSync(file, into, done, wanted, start + done);
      if (read === 0) throw new Error('the file became shorter while it was read');
      done += read;
    }
  };
  const read = (start: number, end: number): Uint8Array => {
    const content = new Uint8Array(end - start);
    readInto(start, content);
    return content;
  };
  try {
    return use({ size: fstatSync(file).size, read, readInto });
  } finally {
    closeSync(file);
  }
}

/** Writes parts one after another as one file, in place of any that is there. */
export function writeParts(path: string, parts: readonly Uint8Array[], piece = largestPiece): void {
  const file = openSync(path, 'w');
  try {
    for (const part of parts) {
      for (let done = 0; done < part.length;) {
        done += writeSync(file, part, done, Math.min(piece, part.length - done));
      }
    }
  } finally {
    closeSync(file);
  }
}
