import { doubtLabels } from './wrongLabels';

/** Two labels; each row is [its label, the probability of label 1], undefined where nobody was asked. */
function doubts(rows: [label: number, second: number | undefined][]) {
  const seconds = rows.map(([, second]) => second ?? NaN);
  const likeliest = Int32Array.from(seconds, (p) => (Number.isNaN(p) ? -1 : p > 0.5 ? 1 : 0));
  return doubtLabels(
    {
      labels: Int32Array.from(rows, ([label]) => label),
      own: Float32Array.from(rows, ([label], i) => (label === 1 ? seconds[i]! : 1 - seconds[i]!)),
      likeliest,
      likeliestProbability: Float32Array.from(seconds, (p) => Math.max(p, 1 - p)),
    },
    2,
  );
}

/** Label 0 is easy (0.9 on the mean), label 1 is hard (0.6). */
const usual = Array.from({ length: 16 }, (_, i): [number, number] => (i < 8 ? [0, 0.1] : [1, 0.6]));

describe('doubtLabels', () => {
  it('finds the row that looks like another class', () => {
    expect(doubts([...usual, [0, 0.95]])).toEqual({ checked: 17, doubted: [16] });
  });

  it('believes a hard class at a lower probability than an easy one', () => {
    expect(doubts([...usual, [0, 0.65]]).doubted).toEqual([16]);
    expect(doubts([...usual, [1, 0.35]]).doubted).toEqual([]);
  });

  it('lists the clearest first', () => {
    expect(doubts([...usual, [0, 0.7], [0, 0.99], [0, 0.8]]).doubted).toEqual([17, 18, 16]);
  });

  it('leaves out rows that no model was asked about', () => {
    expect(doubts([...usual, [0, undefined]])).toEqual({ checked: 16, doubted: [] });
  });
});
