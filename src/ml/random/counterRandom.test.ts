import { randomAt, randomBelow, shuffle, streamKey } from './counterRandom';

test('a number depends on its place alone, and streams differ by seed and coordinates', () => {
  expect(randomAt(streamKey(1, 2), 3)).toBe(randomAt(streamKey(1, 2), 3));
  const keys = [streamKey(1), streamKey(2), streamKey(1, 0), streamKey(1, 1), streamKey(1, 0, 1)];
  expect(new Set(keys).size).toBe(keys.length);
});

test('numbers below a bound are spread evenly', () => {
  const counts = new Array<number>(8).fill(0);
  for (let i = 0; i < 80_000; i++) counts[randomBelow(streamKey(5), i, 8)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test('a shuffle keeps the entries and leaves the rest of the array alone', () => {
  const order = Int32Array.from({ length: 100 }, (_, i) => i);
  shuffle(order, 90, streamKey(1));
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect([...order.subarray(90)]).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99]);
  expect([...order.subarray(0, 90)]).not.toEqual(Array.from({ length: 90 }, (_, i) => i));
});
