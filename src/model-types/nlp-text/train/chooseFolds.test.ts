import { chooseFolds } from './chooseFolds';
import { rowPart, type FeatureSummary } from '../preprocess/features';
import type { LoadedRows } from './trainRows';

const rows = 1000;

/** Rows of four labels in turn; each fifth has the text of the one before it, each tenth is put aside. */
function makeRows(): LoadedRows {
  const summary = { head: 'softmax', labels: ['a', 'b', 'c', 'd'], seed: 3, rows };
  return {
    dir: '',
    summary: summary as FeatureSummary,
    starts: new Float64Array(rows + 1),
    labelStarts: Float64Array.from({ length: rows + 1 }, (_, i) => i),
    labelNumbers: Int32Array.from({ length: rows }, (_, i) => i % 4),
    parts: Uint8Array.from({ length: rows }, (_, i) =>
      i % 10 === 0 ? rowPart.test : rowPart.train,
    ),
    groups: Int32Array.from({ length: rows }, (_, i) => (i % 5 === 4 ? i - 1 : i)),
  };
}

test('the rows to learn from are spread evenly over the folds, the others are in none', () => {
  const { ofRow, count } = chooseFolds(makeRows(), 3, 1e6);
  expect(count).toBe(3);
  const sizes = [-1, 0, 1, 2].map((fold) => ofRow.filter((own) => own === fold).length);
  expect(sizes[0]).toBe(100);
  for (const size of sizes.slice(1)) expect(Math.abs(size - 300)).toBeLessThan(80);
});

test('rows with the same text are in one fold', () => {
  const { ofRow } = chooseFolds(makeRows(), 3, 1e6);
  for (let row = 4; row < rows; row += 5) expect(ofRow[row]).toBe(ofRow[row - 1]);
});

test('where there are more scores than are allowed, one fold has about so many rows', () => {
  const { ofRow, count } = chooseFolds(makeRows(), 3, 4 * 200);
  expect(count).toBe(1);
  const held = ofRow.filter((fold) => fold === 0).length;
  expect(held).toBeGreaterThan(130);
  expect(held).toBeLessThan(270);
});
