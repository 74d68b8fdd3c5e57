import { fittingShapes, trainingBytes } from './memoryEstimate';

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

  it('says which batch and which length would fit', () => {
    const shape = { ...miniLm, batch: 32, length: 512 };
    const lengths = [64, 128, 256, 512];
    const fitting = fittingShapes(shape, 2e9, lengths);
    expect(fitting).toEqual({ batch: 7, length: 128, longest: 512 });
    expect(trainingBytes({ ...shape, batch: 7 })).toBeLessThanOrEqual(2e9);
    expect(trainingBytes({ ...shape, batch: 8 })).toBeGreaterThan(2e9);
    expect(fittingShapes(shape, 1e8, lengths)).toEqual({});
  });
});
