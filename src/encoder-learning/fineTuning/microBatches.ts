import { microBatchRows } from '../../ml/nn/training/batches';

/** Tokens, padding included, of one micro-batch: a function of nothing, as it decides how sums round. */
export const microBatchTokens = 512;

/** The most tokens of a part of a batch: so many that there are two at least, and two cores have work. */
export function partTokens(rows: number, length: number): number {
  return Math.min(microBatchTokens, Math.ceil(rows / 2) * length);
}

/** Rows of a part of a batch. */
export function partRows(rows: number, length: number): number {
  return microBatchRows(rows, length, partTokens(rows, length));
}

/** Rows that are scored at once. */
export function scoredRows(length: number): number {
  return Math.max(1, Math.floor(microBatchTokens / length));
}
