import { TrainyardError } from '../../../errors';
import { Featurizer } from '../../../ml/text/featurizer';
import type { FeaturizerSpec } from '../../../ml/text/featurizerSpec';
import { type ModelRows, Vectorizer } from '../../../ml/text/vectorizer';
import type { TextFeatures } from './batches';
import { probeTexts } from './probeTexts';

/** A text, the buckets and counts of its n-grams, and what they are in one model. */
export interface TestVector {
  text: string;
  buckets: number[];
  counts: number[];
  rows: number[];
  values: number[];
}

/** The test vectors of a model. */
export function makeTestVectors(spec: FeaturizerSpec, model: ModelRows): TestVector[] {
  const featurizer = new Featurizer(spec);
  const vectorizer = new Vectorizer(spec, model);
  return probeTexts.map((text) => {
    const { buckets, counts, size } = featurizer.count(text);
    const { rows, values } = vectorizer.vectorize(text);
    return {
      text,
      buckets: [...buckets.subarray(0, size)],
      counts: [...counts.subarray(0, size)],
      rows: [...rows],
      values: [...values],
    };
  });
}

/** Relative room for another machine's logarithm in its last digit. */
const tolerance = 1e-6;

/** Throws `features_changed` unless this code gives the test vectors the features that they state. */
export function assertTestVectors(
  vectors: readonly TestVector[],
  spec: FeaturizerSpec,
  model: ModelRows,
): void {
  const featurizer = new Featurizer(spec);
  const vectorizer = new Vectorizer(spec, model);
  for (const { text, buckets, counts, rows, values } of vectors) {
    const found = featurizer.count(text);
    const same =
      equal(buckets, found.buckets.subarray(0, found.size)) &&
      equal(counts, found.counts.subarray(0, found.size));
    const vector = vectorizer.vectorize(text);
    if (same && equal(rows, vector.rows) && equal(values, vector.values, tolerance)) continue;
    throw new TrainyardError(
      'config',
      'features_changed',
      'the model was made with other text features than this version computes: its scores would be wrong. Use the version that made it, or train the model again',
    );
  }
}

function equal(stated: readonly number[], found: ArrayLike<number>, relative = 0): boolean {
  return (
    stated.length === found.length &&
    stated.every((value, i) => Math.abs(value - found[i]!) <= relative * Math.abs(value))
  );
}

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
