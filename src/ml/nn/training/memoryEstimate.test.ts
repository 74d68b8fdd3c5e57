import { forwardRunBytes, trainingRunBytes } from './memoryEstimate';

const miniLm = { layers: 6, hidden: 384, heads: 12, intermediate: 1536 };
const parameters = 10.68e6;

describe('the estimate of the memory of a run', () => {
  it.each([
    [32, 64, 0.93e9],
    [16, 128, 0.93e9],
    [8, 512, 2.02e9],
  ])(
    'of training is at the measured peak of %i × %i tokens or a little above',
    (rows, length, measured) => {
      // The process, and of each parameter seven numbers: itself, its gradient thrice, two moments, the best.
      const rest = 100e6 + 28 * parameters;
      const ratio = (rest + trainingRunBytes({ ...miniLm, rows, length })) / measured;
      expect(ratio).toBeGreaterThan(1);
      expect(ratio).toBeLessThan(1.2);
    },
  );

  it('grows with the square of the length where attention looks', () => {
    const at = (length: number) => trainingRunBytes({ ...miniLm, rows: 1, length });
    expect(at(300) - 2 * at(200) + at(100)).toBe(4 * 6 * 12 * 2 * 100 * 100);
  });

  it('does not grow with the layers where nothing is kept of them', () => {
    const run = { ...miniLm, rows: 2, length: 100 };
    expect(forwardRunBytes({ ...run, layers: 12 })).toBe(forwardRunBytes(run));
    expect(trainingRunBytes({ ...run, layers: 12 })).toBe(2 * trainingRunBytes(run));
  });
});
