import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArray } from '../../../support/arrayFiles';
import type { FeaturizerSpec } from '../../../ml/text/featurizerSpec';

/**
 * What `preprocess` leaves and `train` and `evaluate` read: `preprocess.json` (FeatureSummary) and,
 * for the rows of the `train` dataset in its order, then for the rows that a base model remembers,
 * little-endian arrays:
 *
 * | file             | holds                                                                  |
 * |------------------|------------------------------------------------------------------------|
 * | `starts.f64`     | where each row's n-grams start, rows + 1 of them                         |
 * | `buckets.u32`    | hashed n-grams, each once a row                                        |
 * | `counts.u16`     | how often each comes up in its row                                     |
 * | `label-starts.f64`, `labels.i32` | the numbers of each row's labels, the same way         |
 * | `parts.u8`       | what each row is for: see `rowPart`                                    |
 * | `groups.i32`     | the first row with the same normalised text: a row's own number if none |
 */
export interface FeatureSummary {
  format: 1;
  featurizer: FeaturizerSpec;
  /** softmax: one label a row; sigmoid: any number. */
  head: 'softmax' | 'sigmoid';
  /** Sorted; those of a base model come first, in its order. */
  labels: string[];
  /** The most labels that this model and those trained on from it may know; null: no bound. */
  nTargetClasses: number | null;
  seed: number;
  /** Row hash of the `train` dataset. */
  dataHash: string;
  rows: number;
  /** Rows that the base model remembers; they follow the others in all arrays. */
  baseRows: number;
  /**
   * Which rows tell how good the model is: those of the `test` dataset (`test_files`), or the rows of
   * the `train` dataset whose part is `test`. After a `holdout` the deployed model is trained on all.
   */
  split: { kind: 'test_files' | 'test_split' | 'holdout' | 'none'; testRows: number };
  /** Train rows of each label, in the order of `labels`. */
  labelRows: number[];
}

/** What a row is for; stored in `parts.u8`. Rows that a base model remembers are always trained on. */
export const rowPart = { train: 0, test: 1, base: 2 } as const;

export const featureFiles = {
  summary: 'preprocess.json',
  starts: 'starts.f64',
  buckets: 'buckets.u32',
  counts: 'counts.u16',
  labelStarts: 'label-starts.f64',
  labels: 'labels.i32',
  parts: 'parts.u8',
  groups: 'groups.i32',
} as const;

export function readFeatureSummary(dir: string): FeatureSummary {
  return JSON.parse(readFileSync(join(dir, featureFiles.summary), 'utf8')) as FeatureSummary;
}

/** What each row is for: those of the `train` dataset first. */
export function readParts(dir: string): Uint8Array {
  return new Uint8Array(readArray(dir, featureFiles.parts));
}
