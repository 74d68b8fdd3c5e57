import { F1Bootstrap } from './f1Bootstrap';
import { wilsonInterval } from './interval';

const rounded = ({ low, high }: { low: number; high: number }) => [
  Number(low.toFixed(4)),
  Number(high.toFixed(4)),
];

/** From table I of Newcombe 1998, "Two-sided confidence intervals for the single proportion"; the last by the formula. */
test.each([
  [81, 263, [0.2553, 0.3662]],
  [15, 148, [0.0624, 0.1605]],
  [0, 20, [0, 0.1611]],
  [29, 29, [0.883, 1]],
  [1, 1, [0.2065, 1]],
])('the Wilson interval of %d in %d', (hits, rows, expected) => {
  expect(rounded(wilsonInterval(hits / rows, rows))).toEqual(expected);
});

/** Rows of two labels, of which the first `wrong` of each were mistaken for the other. */
function bootstrap(rows: number, wrong: number, order = 1, seed = 7) {
  const result = new F1Bootstrap(2, rows, seed);
  const all = Array.from({ length: rows }, (_, i) => (order > 0 ? i : rows - 1 - i));
  for (const row of all) {
    const gold = row % 2;
    if (row >> 1 < wrong) result.add(row, { hits: [], falseAlarms: [1 - gold], misses: [gold] });
    else result.add(row, { hits: [gold], falseAlarms: [], misses: [] });
  }
  return result.result();
}

describe('F1Bootstrap', () => {
  it('agrees with the normal approximation where that holds', () => {
    const { macro, micro, resamples } = bootstrap(1000, 50);
    const error = 1.96 * Math.sqrt((0.9 * 0.1) / 1000);
    expect(resamples).toBe(1000);
    for (const interval of [macro!, micro!]) {
      expect(Math.abs(interval.low - (0.9 - error))).toBeLessThan(0.004);
      expect(Math.abs(interval.high - (0.9 + error))).toBeLessThan(0.004);
    }
  });

  it('depends on seed and rows, and not on their order', () => {
    expect(bootstrap(200, 10, -1)).toEqual(bootstrap(200, 10));
    expect(bootstrap(200, 10, 1, 8)).not.toEqual(bootstrap(200, 10));
  });

  it('claims no certainty for a few rows that are all right, or all wrong', () => {
    expect(bootstrap(6, 0).macro).toEqual(wilsonInterval(1, 6));
    expect(bootstrap(6, 3).macro).toEqual(wilsonInterval(0, 6));
  });

  it('knows that a mean over labels is worth no more than its rarest ones', () => {
    const uneven = new F1Bootstrap(2, 101, 7);
    for (let row = 0; row < 101; row++) {
      uneven.add(row, { hits: [row === 100 ? 1 : 0], falseAlarms: [], misses: [] });
    }
    expect(uneven.result().macro).toEqual(wilsonInterval(1, 4 / 1.01));
    expect(uneven.result().micro).toEqual(wilsonInterval(1, 101));
  });

  it('is not there without rows, and not for more labels than its memory holds', () => {
    expect(bootstrap(0, 0).macro).toBeNull();
    const wide = new F1Bootstrap(100_000, 1, 7);
    wide.add(0, { hits: [99_999], falseAlarms: [], misses: [] });
    expect(wide.result()).toEqual({ macro: null, micro: null, resamples: 0 });
  });
});
