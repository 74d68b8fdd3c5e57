import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withFile, writeParts } from './largeFiles';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'large-files-'));
  path = join(dir, 'file');
});
afterEach(() => rmSync(dir, { recursive: true }));

const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);

test.each([1, 3, 7, 100])('parts are written whole in pieces of %d bytes', (piece) => {
  const whole = bytesOf(50);
  // Views that start amid their memory, and an empty one.
  const parts = [whole.subarray(0, 7), whole.subarray(7, 7), whole.subarray(7, 30)];
  writeParts(path, [...parts, whole.subarray(30)], piece);
  expect([...readFileSync(path)]).toEqual([...whole]);
});

test('an earlier file of the same name is replaced, however long it was', () => {
  writeFileSync(path, bytesOf(90));
  writeParts(path, [bytesOf(4)]);
  expect([...readFileSync(path)]).toEqual([0, 1, 2, 3]);
});

test.each([1, 3, 7, 100])('a file is read in pieces of %d bytes, wherever one starts', (piece) => {
  writeFileSync(path, bytesOf(50));
  withFile(
    path,
    (source) => {
      expect(source.size).toBe(50);
      expect([...source.read(5, 30)]).toEqual([...bytesOf(50).subarray(5, 30)]);
      const into = new Uint8Array(20);
      source.readInto(30, into.subarray(4, 10));
      expect([...into]).toEqual([0, 0, 0, 0, 30, 31, 32, 33, 34, 35, ...Array(10).fill(0)]);
    },
    piece,
  );
});

test('a file that ends before what is read of it says so', () => {
  writeFileSync(path, bytesOf(10));
  const read = () => withFile(path, (source) => source.readInto(5, new Uint8Array(6)));
  expect(read).toThrow('became shorter');
});
