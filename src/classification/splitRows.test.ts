import { splitRows } from './splitRows';

const rows = 1000;
const alone = Int32Array.from({ length: rows }, (_, row) => row);
const labels = Int32Array.from({ length: rows }, (_, row) => (row % 10 === 0 ? 1 : 0));

function sum(aside: Uint8Array, label: number): number {
  return aside.reduce((all, value, row) => all + (labels[row] === label ? value : 0), 0);
}

test('each label gives its share, the same for the same seed', () => {
  const aside = splitRows(alone, labels, 2, 0.1, 7);
  expect(sum(aside, 0)).toBe(90);
  expect(sum(aside, 1)).toBe(10);
  expect(splitRows(alone, labels, 2, 0.1, 7)).toEqual(aside);
  expect(splitRows(alone, labels, 2, 0.1, 8)).not.toEqual(aside);
});

test('rows with the same text stay on one side', () => {
  const groups = Int32Array.from({ length: rows }, (_, row) => row - (row % 5));
  const aside = splitRows(groups, labels, 2, 0.2, 7);
  for (let row = 0; row < rows; row++) expect(aside[row]).toBe(aside[groups[row]!]);
  const count = aside.reduce((a, b) => a + b, 0);
  expect(count).toBeGreaterThan(150);
  expect(count).toBeLessThan(250);
});

test('many small labels together give the share, and each keeps a row to learn from', () => {
  const small = Int32Array.from({ length: rows }, (_, row) => row >> 2);
  const aside = splitRows(alone, small, 250, 0.1, 3);
  expect(aside.reduce((a, b) => a + b, 0)).toBe(100);
  for (let label = 0; label < 250; label++) {
    expect(aside.subarray(label * 4, label * 4 + 4).indexOf(0)).toBeGreaterThanOrEqual(0);
  }
  const single = splitRows(alone.subarray(0, 3), Int32Array.of(0, 1, 2), 3, 0.9, 3);
  expect([...single]).toEqual([0, 0, 0]);
});
