import { GoldLabels } from './goldLabels';
import { LabelTable, nearLabels, numberLabels, quoted } from './labelTable';

const [composed, apart] = ['r\u00E9clamation', 're\u0301clamation\u200B'];

describe('labels of a base model that were kept in other bytes', () => {
  it('stay as they stand there, and are the labels of the data', () => {
    const table = new LabelTable();
    table.add([composed, 'new']);
    const labels = table.order([apart, 'old']);
    expect(labels).toEqual([apart, 'old', 'new']);
    expect(numberLabels(labels).get(composed)).toBe(0);
    expect(labels.map((label) => table.rowsOf(label))).toEqual([1, 0, 1]);
  });

  it('are found in test rows', () => {
    const gold = new GoldLabels([apart, 'old'], null);
    expect([apart, composed, ` ${composed}\u00A0`].flatMap((cell) => gold.of(cell))).toEqual([
      0, 0, 0,
    ]);
    expect(gold.unknown.size).toBe(0);
    expect(gold.of('other')).toEqual([2]);
  });
});

test('a label that looks like one with more rows is found, and which two they are', () => {
  const rows: Record<string, number> = { refund: 200, Refund: 3, cards: 5, card: 5 };
  const near = nearLabels(Object.keys(rows), (label) => rows[label]!);
  expect(near).toEqual([
    { rare: 'Refund', common: 'refund', reason: 'they differ only in upper and lower case' },
  ]);
});

test('messages show labels with what is invisible in them', () => {
  expect(quoted(apart)).toBe('"re\\u{301}clamation\\u{200B}"');
  expect(quoted(composed)).toBe(`"${composed}"`);
  expect(quoted('x'.repeat(100))).toBe(`"${'x'.repeat(57)}…"`);
});
