import { bucketLengths } from '../../ml/nn/training/lengthBuckets';
import { forwardRunBytes, trainingRunBytes } from '../../ml/nn/training/memoryEstimate';
import type { EncoderConfig } from '../../ml/transformers/encoderConfig';
import type { ParameterLayout } from '../../ml/transformers/parameterLayout';
import { processBytes, requireMemory } from '../memory';
import { microBatchTokens, partRows, scoredRows } from './microBatches';
import type { TrainWindows } from './objective';

/** What the memory of full fine-tuning depends on, beside the number of threads. */
export interface FineTuningSize {
  config: EncoderConfig;
  /** Numbers in dense parameters and in embedding tables. */
  dense: number;
  tables: number;
  /** Rows of the tables that the texts use: the others never change but by decay. */
  usedRows: number;
  /** To learn from and to validate on, with their tokens. */
  windows: number;
  tokens: number;
  /** Lengths that windows are padded to, ascending. */
  lengths: readonly number[];
  batchRows: number;
}

/** @param parts windows to learn from, then those to validate on */
export function fineTuningSize(
  config: EncoderConfig,
  layout: ParameterLayout,
  parts: readonly Pick<TrainWindows, 'rows'>[],
  options: Pick<FineTuningSize, 'lengths' | 'batchRows'>,
): FineTuningSize {
  const used = new Set<number>();
  let [windows, tokens] = [0, 0];
  for (const { rows } of parts) {
    for (const row of rows) {
      for (const id of row) used.add(id);
      windows++;
      tokens += row.length;
    }
  }
  return {
    ...options,
    config,
    dense: layout.length,
    tables: layout.tables.reduce((sum, { rows }) => sum + rows, 0) * config.hidden,
    // Words, a position for each token of the longest window, and one type.
    usedRows: used.size + options.lengths.at(-1)! + 1,
    windows,
    tokens,
  };
}

/**
 * Of each dense parameter, four bytes for each of: the encoder as it was read, where training starts, as
 * the threads see it, the optimizer's with two moments, the sum of gradients, the best so far, and once
 * more while a better is copied.
 */
const bytesOfDense = 4 * 9;

/** Its place in a table as it was read, and in the best of all when training is done. */
const bytesOfTable = 4 * 2;

/** Values and two moments, in arrays a third of which may be room to grow; the best, twice as above. */
const bytesOfUsed = 4 * (3 * 1.5 + 2);

/** In each thread: dense parameters, their gradients, and these once more where the main thread reads them. */
const bytesOfDenseInThread = 4 * 3;

/** A thread's own Node, and its sessions. */
const threadBytes = 90e6;

/** The model's file and what ONNX Runtime makes of it to check it; by then threads have given memory back. */
const exportBytesOfParameter = 4;

/** A window's tokens in memory of their own. */
const bytesOfWindow = 300;
const bytesOfToken = 4;

/**
 * What C library and V8 have set aside and not touched, over the room that every allocation gives them:
 * the kernel counts it too.
 */
const setAside = 270e6;

/** Runs of different sizes leave gaps in the memory that is kept for the next. */
const gaps = 1.1;

/**
 * Peak memory with so many threads, in bytes. A thread runs one length after another, in sessions without
 * memory of their own: so its largest run counts. A checkpoint is written from where the numbers are, and
 * read to there.
 */
export function fineTuningBytes(size: FineTuningSize, threads: number): number {
  return fixedBytes(size) + threads * bytesOfThread(size);
}

function fixedBytes(size: FineTuningSize): number {
  const { config, dense, tables, usedRows, windows, tokens, lengths, batchRows } = size;
  const batch = 4 * 4 * batchRows * lengths.at(-1)! * config.hidden;
  return (
    processBytes(config) +
    setAside +
    (bytesOfDense + exportBytesOfParameter) * dense +
    (bytesOfTable + exportBytesOfParameter) * tables +
    Math.min(tables, usedRows * config.hidden) * bytesOfUsed +
    windows * bytesOfWindow +
    tokens * bytesOfToken +
    batch
  );
}

function bytesOfThread({ config, dense, lengths, batchRows }: FineTuningSize): number {
  const runs = lengths.map((length) =>
    Math.max(
      trainingRunBytes({ ...config, rows: partRows(batchRows, length), length }),
      forwardRunBytes({ ...config, rows: scoredRows(length), length }),
    ),
  );
  return threadBytes + bytesOfDenseInThread * dense + gaps * Math.max(...runs);
}

/** More threads than a batch has parts would have nothing to do. */
export function usefulThreads(
  cores: number,
  { lengths, batchRows }: Pick<FineTuningSize, 'lengths' | 'batchRows'>,
): number {
  const parts = Math.ceil((batchRows * lengths.at(-1)!) / microBatchTokens);
  return Math.min(cores, Math.max(2, parts));
}

/**
 * How many threads the memory allows, `cores` at most. Their number changes no byte of the result.
 *
 * @throws TrainyardError `limit` where one thread is too many, naming the length that would do
 */
export function affordableThreads(size: FineTuningSize, cores: number, memoryMb: number): number {
  const room = memoryMb * 2 ** 20;
  for (let threads = cores; threads > 1; threads--) {
    if (fineTuningBytes(size, threads) <= room) return threads;
  }
  const longest = size.lengths.at(-1)!;
  const fitting = bucketLengths(longest).findLast(
    (length) => length < longest && fineTuningBytes(shortened(size, length), 1) <= room,
  );
  const advice =
    fitting === undefined
      ? 'set model_options.training to "frozen", which takes far less, or choose a smaller encoder'
      : `set model_options.max_length to ${fitting} (it is ${longest} now); batches of ${size.batchRows} rows are computed in parts and may stay`;
  const what = `fine-tuning this encoder with batches of ${size.batchRows} rows of up to ${longest} tokens`;
  requireMemory(what, fineTuningBytes(size, 1), memoryMb, advice);
  return 1;
}

/** The same with texts cut to `length` tokens. */
function shortened(size: FineTuningSize, length: number): FineTuningSize {
  return { ...size, lengths: [...size.lengths.filter((l) => l < length), length] };
}
