import { splitRows } from './splitRows';
import { whyNothingAside } from './whyNothingAside';

/** Rows as [text, label]; none may be put aside. */
function why(rows: [text: string, label: string][], share = 0.1): string {
  const labels = [...new Set(rows.map(([, label]) => label))];
  const texts = rows.map(([text]) => text);
  const groups = Int32Array.from(texts, (text) => texts.indexOf(text));
  const numbers = Int32Array.from(rows, ([, label]) => labels.indexOf(label));
  expect(splitRows(groups, numbers, labels.length, share, 7).includes(1)).toBe(false);
  return whyNothingAside(groups, numbers, labels, share);
}

test('labels of one row each are named', () => {
  const rows = Array.from({ length: 8 }, (_, i): [string, string] => [`text ${i}`, `c${i}`]);
  expect(why(rows)).toBe(
    'each of the 8 labels has a single text ("c0", "c1", "c2", "c3", "c4", …), which is needed to learn from. ' +
      'Give a second text of some label, better ten of each.',
  );
});

test('too few rows for the share are counted', () => {
  expect(
    why([
      ['a', 'x'],
      ['b', 'x'],
      ['c', 'y'],
    ]),
  ).toBe('0.1 of 3 rows is less than half a row. Give at least 5 rows, two of a label.');
});

test('texts that repeat are told', () => {
  const rows = Array.from({ length: 20 }, (_, i): [string, string] => [
    i % 2 === 0 ? 'same' : 'other',
    i % 2 === 0 ? 'x' : 'y',
  ]);
  expect(why(rows)).toContain('each of the 2 labels has a single text ("x", "y")');
  const mixed = Array.from({ length: 20 }, (_, i): [string, string] => [`text ${i % 2}`, 'x']);
  expect(why(mixed)).toMatch(/^the texts repeat so often/);
});
