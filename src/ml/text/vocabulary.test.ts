import { buildVocabulary } from './vocabulary';

const frequency = Int32Array.of(0, 5, 1, 9, 5, 2);

test('features are numbered by falling frequency, then by bucket, and rare ones are left out', () => {
  const { buckets, ids, scales } = buildVocabulary(frequency, {
    rows: 10,
    minRows: 2,
    maxFeatures: 100,
  });
  expect([...buckets]).toEqual([3, 1, 4, 5]);
  expect([...ids]).toEqual([-1, 1, -1, 0, 2, 3]);
  expect(scales[0]).toBeCloseTo(Math.log(11 / 10) + 1, 6);
  expect(scales[3]).toBeCloseTo(Math.log(11 / 3) + 1, 6);
});

test('at most so many features are kept, the most frequent ones', () => {
  const { buckets } = buildVocabulary(frequency, { rows: 10, minRows: 1, maxFeatures: 2 });
  expect([...buckets]).toEqual([3, 1]);
});

test('the features of a base model stay with their scales, even where no row has them', () => {
  const base = { buckets: Uint32Array.of(0, 4), scales: Float32Array.of(7, 8) };
  const { buckets, scales, ids } = buildVocabulary(frequency, {
    rows: 10,
    minRows: 2,
    maxFeatures: 3,
    base,
  });
  expect([...buckets]).toEqual([3, 4, 0]);
  expect(scales[ids[0]!]).toBe(7);
  expect(scales[ids[4]!]).toBe(8);
});
