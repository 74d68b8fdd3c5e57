/**
 * Counter-based random numbers: each number is a hash of (key, counter) and depends on no other
 * number drawn before it. So a resumed training draws what the undisturbed one would have drawn,
 * whatever the number of threads.
 */

/** Scrambles 32 bits so that each input bit changes half of the output bits (MurmurHash3's finalizer). */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Derives the key of a stream from a seed and the stream's coordinates, such as (task, pass). */
export function streamKey(seed: number, ...coordinates: number[]): number {
  let key = mix32(seed ^ 0x243f6a88);
  for (const coordinate of coordinates) key = mix32(Math.imul(key, 0x9e3779b1) ^ coordinate);
  return key;
}

/** The number at one place of a stream: an integer from 0 to 2^32 − 1. */
export function randomAt(key: number, counter: number): number {
  return mix32(mix32(counter ^ 0x5bd1e995) + key);
}

/** An integer from 0 to bound − 1; the bias is below bound / 2^32. */
export function randomBelow(key: number, counter: number, bound: number): number {
  return Math.floor((randomAt(key, counter) / 4294967296) * bound);
}

/** Shuffles the first `length` entries in place (Fisher and Yates). */
export function shuffle(order: Int32Array, length: number, key: number): void {
  for (let i = length - 1; i > 0; i--) {
    const j = randomBelow(key, i, i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
}
