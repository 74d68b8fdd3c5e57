import { readFileSync } from 'node:fs';

/** A file of little-endian float32. */
export function readFloats(path: string): Float32Array {
  return new Float32Array(Uint8Array.from(readFileSync(path)).buffer);
}

/** The largest difference between numbers at the same place; NaN where there is one. */
export function farthest(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new Error(`${a.length} numbers beside ${b.length}`);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
