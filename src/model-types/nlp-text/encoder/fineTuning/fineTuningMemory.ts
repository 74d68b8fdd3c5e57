import { microBatchRows } from '../../../../ml/nn/training/batches';
import { bucketLengths } from '../../../../ml/nn/training/lengthBuckets';
import { trainingBytes } from '../../../../ml/nn/training/memoryEstimate';
import type { EncoderConfig } from '../../../../ml/transformers/encoderConfig';
import { requireMemory } from '../memory';
import { microBatchTokens } from './fineTuningTask';

/** What the memory of full fine-tuning depends on, beside the number of threads. */
export interface FineTuningSize {
  config: EncoderConfig;
  /** Numbers in dense parameters and in embedding tables. */
  dense: number;
  tables: number;
  /** Lengths that windows are padded to, ascending. */
  lengths: readonly number[];
  batchRows: number;
}

/** Copies of the dense parameters in each thread: them, their gradients thrice. */
const bytesPerThreadAndParameter = 16;

/** Peak memory with so many threads, each of which keeps a session for each length. */
function peakBytes({ config, dense, tables, lengths, batchRows }: FineTuningSize, threads: number) {
  const shape = {
    parameters: dense,
    tableParameters: tables,
    layers: config.layers,
    hidden: config.hidden,
    heads: config.heads,
    feedForward: config.intermediate,
  };
  const base = trainingBytes({ ...shape, batch: 0, length: 0 });
  const runs = lengths.map((length) => {
    const batch = microBatchRows(batchRows, length, microBatchTokens);
    return trainingBytes({ ...shape, batch, length }) - base;
  });
  const perThread = runs.reduce((a, b) => a + b, 0) + bytesPerThreadAndParameter * dense;
  // The encoder as it was read stays beside the optimizer's copy.
  return base + 8 * dense + 4 * tables + threads * perThread;
}

/** More threads than a batch has parts would have nothing to do. */
export function usefulThreads(cores: number, { lengths, batchRows }: FineTuningSize): number {
  const parts = Math.ceil((batchRows * lengths.at(-1)!) / microBatchTokens);
  return Math.min(cores, Math.max(2, parts));
}

/**
 * How many threads the memory allows, `cores` at most. Their number changes no byte of the result.
 *
 * @throws TrainyardError `limit` where one thread is too many, naming the length that would do
 */
export function affordableThreads(size: FineTuningSize, cores: number, memoryMb: number): number {
  for (let threads = cores; threads > 1; threads--) {
    if (peakBytes(size, threads) <= memoryMb * 2 ** 20) return threads;
  }
  const longest = size.lengths.at(-1)!;
  const fitting = bucketLengths(longest).findLast(
    (length) =>
      length < longest &&
      peakBytes({ ...size, lengths: [...size.lengths.filter((l) => l < length), length] }, 1) <=
        memoryMb * 2 ** 20,
  );
  const advice =
    fitting === undefined
      ? 'set model_options.training to "frozen", which takes far less, or choose a smaller encoder'
      : `set model_options.max_length to ${fitting} (it is ${longest} now); batches of ${size.batchRows} rows are computed in parts and may stay`;
  const what = `fine-tuning this encoder with batches of ${size.batchRows} rows of up to ${longest} tokens`;
  requireMemory(what, peakBytes(size, 1), memoryMb, advice);
  return 1;
}
