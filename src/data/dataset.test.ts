import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createDataset, openDataset, type DatasetSchema } from './dataset';

let root: string;
let count = 0;
beforeAll(() => (root = mkdtempSync(join(tmpdir(), 'dataset-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(
  rows: string[][],
  columns = ['text', 'label'],
): { dir: string; schema: DatasetSchema } {
  const dir = join(root, String(count++));
  const writer = createDataset(dir, columns);
  for (const row of rows) writer.append(row);
  return { dir, schema: writer.finish() };
}

const text = fc.string({ unit: 'grapheme', maxLength: 40 });

describe('dataset', () => {
  it('gives back the rows it was given, whole and in blocks of any size', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), fc.integer({ min: 1, max: 9 }), (rows, size) => {
        const { dir } = write(rows);
        const dataset = openDataset(dir);
        const seen: string[][] = [];
        for (const block of dataset.blocks(['label', 'text'], size)) {
          expect(block.start).toBe(seen.length);
          block.values.text.forEach((value, i) => seen.push([value, block.values.label[i]!]));
        }
        expect(seen).toEqual(rows);
        rows.forEach((row, i) => expect(dataset.get('text', i)).toBe(row[0]));
        dataset.close();
      }),
    );
  });

  it('hashes equal row sequences alike and different ones apart', () => {
    const one = write([
      ['ab', 'c'],
      ['d', 'e'],
    ]).schema.rowHash;
    expect(
      write([
        ['ab', 'c'],
        ['d', 'e'],
      ]).schema.rowHash,
    ).toBe(one);
    expect(
      write([
        ['a', 'bc'],
        ['d', 'e'],
      ]).schema.rowHash,
    ).not.toBe(one);
    expect(
      write([
        ['d', 'e'],
        ['ab', 'c'],
      ]).schema.rowHash,
    ).not.toBe(one);
    expect(
      write(
        [
          ['ab', 'c'],
          ['d', 'e'],
        ],
        ['label', 'text'],
      ).schema.rowHash,
    ).not.toBe(one);
  });

  it('keeps cells longer than its buffers and cuts blocks that would grow too large', () => {
    const long = 'ș'.repeat(6 << 20);
    const { dir } = write([
      ['a', 'x'],
      [long, 'y'],
      [long, 'z'],
      ['b', 'w'],
    ]);
    const dataset = openDataset(dir);
    const blocks = [...dataset.blocks(['text'])];
    expect(blocks.length).toBeGreaterThan(1);
    expect(blocks.flatMap((b) => b.values.text.map((t) => t.length))).toEqual([
      1,
      long.length,
      long.length,
      1,
    ]);
    dataset.close();
  });

  it('keeps the rows around the edge of its offset buffer', () => {
    const rows = Array.from({ length: 65_536 * 2 }, (_, i) => [`t${i}`, String(i % 3)]);
    for (const n of [65_535, 65_536, 65_537, rows.length]) {
      const dataset = openDataset(write(rows.slice(0, n)).dir);
      expect(dataset.rows).toBe(n);
      for (const i of [0, n - 2, n - 1]) expect(dataset.get('text', i)).toBe(`t${i}`);
      dataset.close();
    }
  });

  it('refuses rows out of range, unknown columns and names that could not be files', () => {
    const dataset = openDataset(write([['a', 'b']]).dir);
    expect(() => dataset.get('text', 1)).toThrow('row 1 is outside a dataset of 1 rows');
    expect(() => dataset.get('words', 0)).toThrow('column "words" is not in the dataset');
    dataset.close();
    for (const columns of [['../x'], ['a', 'a'], [], ['__proto__']]) {
      expect(() => createDataset(join(root, 'bad'), columns)).toThrow('dataset columns');
    }
  });

  it('says that a dataset is damaged when a file is cut or its format is unknown', () => {
    const { dir } = write([['hello', 'b']]);
    truncateSync(join(dir, 'text.utf8'), 2);
    expect(() => openDataset(dir)).toThrow('a dataset is damaged: values of text');
    writeFileSync(join(dir, 'dataset.json'), '{"format":2}');
    expect(() => openDataset(dir)).toThrow('dataset format 2 is not known');
  });
});
