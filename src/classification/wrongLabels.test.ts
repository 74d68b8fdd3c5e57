import { findLabelIssues } from './wrongLabels';

/** Rows of three labels: each is [its label, the probabilities]. */
function doubts(rows: [label: number, probabilities: number[]][]): number[][] {
  const doubted = findLabelIssues({
    labels: Int32Array.from(rows, ([label]) => label),
    probabilities: Float32Array.from(rows.flatMap(([, probabilities]) => probabilities)),
    labelCount: 3,
  });
  return doubted.map(({ place, suggested }) => [place, suggested]);
}

/** Label 0 is easy (0.9 on the mean), label 1 is hard (0.5), label 2 has no rows. */
const usual = Array.from({ length: 16 }, (_, i): [number, number[]] =>
  i < 8 ? [0, [0.9, 0.1, 0]] : [1, [0.3, 0.5, 0.2]],
);

describe('findLabelIssues', () => {
  it('finds the row that looks like another class', () => {
    expect(doubts([...usual, [0, [0.05, 0.95, 0]]])).toEqual([[16, 1]]);
    expect(doubts(usual)).toEqual([]);
  });

  it('believes a hard class at a lower probability than an easy one', () => {
    expect(doubts([...usual, [0, [0.4, 0.6, 0]]])).toEqual([[16, 1]]);
    expect(doubts([...usual, [1, [0.6, 0.4, 0]]])).toEqual([]);
  });

  it('believes a hard class though the easy one is likelier, when that is not likely enough', () => {
    const third: [number, number[]][] = usual.map(() => [2, [0.35, 0.25, 0.4]]);
    expect(doubts([...usual, ...third, [1, [0.5, 0.05, 0.45]]])).toEqual([[32, 2]]);
  });

  it('never suggests a label that no row has', () => {
    expect(doubts([...usual, [0, [0, 0, 1]]])).toEqual([]);
  });

  it('doubts no row whose own label is the likeliest', () => {
    const rare: [number, number[]] = [2, [0.6, 0.39, 0.01]];
    const sure: [number, number[]] = [0, [0.85, 0.12, 0.03]];
    expect(doubts([...usual, rare, rare, sure])).toEqual([]);
  });

  it('neither doubts nor suggests a label with a single row', () => {
    const alone: [number, number[]] = [2, [0.95, 0.04, 0.01]];
    expect(doubts([...usual, alone, [0, [0.4, 0.1, 0.5]]])).toEqual([]);
  });

  it('lists the clearest first', () => {
    const rows = [0.7, 0.99, 0.8].map((p): [number, number[]] => [0, [1 - p, p, 0]]);
    expect(doubts([...usual, ...rows]).map(([place]) => place)).toEqual([17, 18, 16]);
  });
});
