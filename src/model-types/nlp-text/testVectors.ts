import type { TextFeatures } from './batches';

/** Made-up texts whose features lie spread over all weights, so that a wrong or shifted row shows. */
export function spreadFeatures(rows: number): TextFeatures[] {
  if (rows === 0) return [];
  return Array.from({ length: 32 }, (_, text) => {
    const length = Math.min(rows, 1 + text * 3);
    const first = Math.floor((rows * text) / 32);
    const step = Math.max(1, Math.floor(rows / length));
    return {
      rows: Int32Array.from({ length }, (_, i) => (first + i * step) % rows),
      values: Float32Array.from({ length }, (_, i) => ((i % 7) + 1) / (4 * Math.sqrt(length))),
    };
  });
}
