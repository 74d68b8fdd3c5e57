/** Distances from here on share the last bucket; MPNet's constant. */
const farthest = 128;

/**
 * MPNet's bucket of each distance key − query from −(length − 1) to length − 1 (T5's rule, Raffel et
 * al. 2020): half of the buckets for keys to the right; of each half, one bucket per distance up to its
 * middle, then logarithmic ones.
 */
export function distanceBuckets(length: number, buckets: number): number[] {
  return Array.from({ length: 2 * length - 1 }, (_, i) => bucketOf(i - (length - 1), buckets / 2));
}

function bucketOf(distance: number, half: number): number {
  const offset = distance > 0 ? half : 0;
  const steps = Math.abs(distance);
  const exact = Math.floor(half / 2);
  if (steps < exact) return offset + steps;
  const share = Math.fround(Math.log(steps / exact)) / Math.log(farthest / exact);
  return offset + Math.min(half - 1, exact + Math.floor(share * (half - exact)));
}
