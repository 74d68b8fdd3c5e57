import { trainingBytes } from './memoryEstimate';

const miniLm = { parameters: 10.68e6, layers: 6, hidden: 384, heads: 12, feedForward: 1536 };

describe('the estimate of training memory', () => {
  it.each([
    [32, 64, 0.93e9],
    [16, 128, 0.93e9],
    [8, 512, 2.02e9],
  ])('is at the measured peak of %i × %i tokens or a little above', (batch, length, measured) => {
    const ratio = trainingBytes({ ...miniLm, batch, length }) / measured;
    expect(ratio).toBeGreaterThan(1);
    expect(ratio).toBeLessThan(1.2);
  });

  it('counts embedding tables, and attention with the square of the length', () => {
    const at = (length: number) => trainingBytes({ ...miniLm, batch: 1, length });
    expect(at(300) - 2 * at(200) + at(100)).toBe(4 * 6 * 12 * 2 * 100 * 100);
    const shape = { ...miniLm, batch: 1, length: 100 };
    expect(trainingBytes({ ...shape, tableParameters: 1000 }) - trainingBytes(shape)).toBe(20_000);
  });
});
