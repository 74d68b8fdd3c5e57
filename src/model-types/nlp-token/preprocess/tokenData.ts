import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArray } from '../../../support/arrayFiles';
import type { TokenFeatures } from '../../../tagging/features/featureSpec';
import type { TokenUnit } from '../../../tagging/tokens';

/**
 * What `preprocess` leaves and `train` and `evaluate` read: `preprocess.json` (TokenSummary) and, for the rows of the
 * `train` dataset in its order, little-endian arrays:
 *
 * | file               | holds                                                              |
 * |--------------------|--------------------------------------------------------------------|
 * | `token-starts.f64` | where each row's tokens start, rows + 1 of them                     |
 * | `labels.u16`       | the label of each token: see tagLabels.ts                          |
 * | `features.u32`     | the features of each token, a place for each template, 0 for none   |
 * | `parts.u8`         | what each row is for: see `rowPart`                                |
 */
export interface TokenSummary {
  format: 1;
  unit: TokenUnit;
  features: TokenFeatures;
  /** Learned from the data, in the order of their labels. Those of a base model come first, in its order. */
  tags: string[];
  /** Found by rules; some may be learned too. */
  ruleTags: string[];
  seed: number;
  /** Row hash of the `train` dataset. */
  dataHash: string;
  rows: number;
  tokens: number;
  /**
   * Which rows tell how good the model is: those of the `test` dataset (`test_files`), or the rows of
   * the `train` dataset whose part is `test`. After a `holdout` the deployed model is trained on all.
   */
  split: { kind: 'test_files' | 'test_split' | 'holdout' | 'none'; testRows: number };
  /** Train spans of each tag, in the order of `tags`. */
  tagSpans: number[];
}

/** What a row is for; stored in `parts.u8`. */
export const rowPart = { train: 0, test: 1 } as const;

export const tokenFiles = {
  summary: 'preprocess.json',
  starts: 'token-starts.f64',
  labels: 'labels.u16',
  features: 'features.u32',
  parts: 'parts.u8',
} as const;

export function readTokenSummary(dir: string): TokenSummary {
  return JSON.parse(readFileSync(join(dir, tokenFiles.summary), 'utf8')) as TokenSummary;
}

/** What each row of the `train` dataset is for. */
export function readParts(dir: string): Uint8Array {
  return new Uint8Array(readArray(dir, tokenFiles.parts));
}

/** The labels of all tokens of the train rows. */
export interface RowLabels {
  labels: Uint16Array;
  /** Where each row begins, and the end of the last. */
  starts: Float64Array;
}

export function readLabels(dir: string): RowLabels {
  return {
    labels: new Uint16Array(readArray(dir, tokenFiles.labels)),
    starts: new Float64Array(readArray(dir, tokenFiles.starts)),
  };
}

/** The train rows as sequences, their features as hashes still. */
export function readSequences(dir: string): RowLabels & { hashes: Uint32Array } {
  return { hashes: new Uint32Array(readArray(dir, tokenFiles.features)), ...readLabels(dir) };
}
