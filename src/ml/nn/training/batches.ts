import { shuffle, streamKey } from '../../random/counterRandom';
import { bucketOf } from './lengthBuckets';

/** Rows that make one optimizer step, padded to one length. */
export interface Batch {
  rows: Int32Array;
  /** In tokens. */
  length: number;
}

export interface BatchOptions {
  /** Rows per optimizer step. */
  batchRows: number;
  /** The lengths that rows are padded to, ascending; see `bucketLengths`. */
  lengths: readonly number[];
  seed: number;
}

/**
 * The batches of one epoch, a function of the arguments alone. Each row is in one batch, with rows of
 * about its length; what is left of a bucket goes on to the next longer one, so that all batches but
 * one are full and their number is ⌈rows / batchRows⌉ in each epoch.
 *
 * @param tokens length of each row
 */
export function epochBatches(
  tokens: ArrayLike<number>,
  { batchRows, lengths, seed }: BatchOptions,
  epoch: number,
): Batch[] {
  const order = Int32Array.from({ length: tokens.length }, (_, row) => row);
  shuffle(order, order.length, streamKey(seed, epoch, 0));
  const buckets: number[][] = lengths.map(() => []);
  for (const row of order) buckets[bucketOf(tokens[row]!, lengths)]!.push(row);

  const batches: Batch[] = [];
  let carried: number[] = [];
  let carriedLength = 0;
  buckets.forEach((own, bucket) => {
    if (own.length === 0) return;
    const rows = [...carried, ...own];
    const length = lengths[bucket]!;
    const full = rows.length - (rows.length % batchRows);
    for (let at = 0; at < full; at += batchRows) {
      batches.push({ rows: Int32Array.from(rows.slice(at, at + batchRows)), length });
    }
    carried = rows.slice(full);
    carriedLength = length;
  });
  if (carried.length > 0) batches.push({ rows: Int32Array.from(carried), length: carriedLength });

  const turns = Int32Array.from(batches, (_, i) => i);
  shuffle(turns, turns.length, streamKey(seed, epoch, 1));
  return Array.from(turns, (turn) => batches[turn]!);
}

/**
 * The parts that a batch is computed in. Depends on the options alone, never on free memory: other
 * parts would round to other bytes.
 *
 * @param tokens most tokens, padding included, of one part; a part has one row at least
 */
export function microBatches({ rows, length }: Batch, tokens: number): Int32Array[] {
  const size = microBatchRows(rows.length, length, tokens);
  const parts: Int32Array[] = [];
  for (let at = 0; at < rows.length; at += size) parts.push(rows.subarray(at, at + size));
  return parts;
}

/** Rows of a part of a batch: as even as can be. */
export function microBatchRows(batchRows: number, length: number, tokens: number): number {
  const most = Math.max(1, Math.floor(tokens / length));
  return Math.ceil(batchRows / Math.ceil(batchRows / most));
}

/** Rows that are scored at once, all of one bucket. */
export interface BucketBatch {
  rows: number[];
  /** That they are padded to, in tokens. */
  length: number;
  /** Rows of a full batch of this length. */
  most: number;
}

/**
 * Rows for scoring, bucket by bucket and in order: what a row is padded to follows from its own length.
 *
 * @param tokens most tokens, padding included, of one batch; a batch has one row at least
 */
export function* bucketBatches(
  rows: readonly ArrayLike<number>[],
  lengths: readonly number[],
  tokens: number,
): Generator<BucketBatch, void> {
  for (const [bucket, length] of lengths.entries()) {
    const own = rows.flatMap((row, i) => (bucketOf(row.length, lengths) === bucket ? [i] : []));
    const most = Math.max(1, Math.floor(tokens / length));
    for (let at = 0; at < own.length; at += most) {
      yield { rows: own.slice(at, at + most), length, most };
    }
  }
}
