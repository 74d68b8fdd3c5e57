import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { RowBlock, RowBlocks } from '../../../ml/linear/rowBlock';
import { scaleToUnit, sublinear } from '../../../ml/text/vectorizer';
import type { Vocabulary } from '../../../ml/text/vocabulary';
import { featureFiles } from '../preprocess/features';

/** Entries of one block: 128 MiB of them. A block is what one visit of the trainer goes over. */
const entriesPerBlock = 1 << 24;
/** Up to so many entries (512 MiB) are held by all threads together; more are read from disk in turn. */
const residentEntries = 1 << 26;

/** Entries that are read between two looks at what else there is to do. */
const entriesPerStep = 1 << 20;

/** Everything that a thread needs to read the rows; its arrays are shared memory. */
export interface FeatureSource {
  dir: string;
  /** First entry of each row, and last the number of entries. */
  starts: Float64Array;
  firstRows: number[];
  /** First bucket of each n-gram family, and last the number of buckets. */
  familyStarts: number[];
  vocabulary: Pick<Vocabulary, 'ids' | 'scales'>;
  /** The blocks, when they are resident. */
  blocks?: RowBlock[];
}

/** Cuts rows into blocks. The cut depends on the data alone, so that the trained bytes do too. */
export function cutBlocks(starts: Float64Array, limit = entriesPerBlock): number[] {
  const firstRows = [0];
  for (let row = 1; row < starts.length; row++) {
    if (starts[row]! - starts[firstRows.at(-1)!]! > limit && row - 1 > firstRows.at(-1)!) {
      firstRows.push(row - 1);
    }
  }
  if (starts.length > 1) firstRows.push(starts.length - 1);
  return firstRows;
}

/** Rows of hashed n-grams as features of a vocabulary, each family of a row scaled to length 1. */
export function openFeatureBlocks(source: FeatureSource): RowBlocks {
  const { firstRows, starts, vocabulary, blocks } = source;
  let loaded = -1;
  // One block's memory, as large as the largest needs, is filled again and again.
  let block: RowBlock | undefined;
  return {
    features: vocabulary.scales.length,
    rows: starts.length - 1,
    firstRows,
    load(number) {
      if (blocks) return blocks[number]!;
      if (number !== loaded || !block) {
        block = readBlock(source, number, block ?? newBlock(...largestBlock(source)));
        loaded = number;
      }
      return block;
    },
  };
}

/** Reads all blocks into shared memory when they are few enough. `yieldToEventLoop` is awaited every few milliseconds. */
export async function makeResident(
  source: FeatureSource,
  yieldToEventLoop: () => Promise<void>,
): Promise<FeatureSource> {
  if (source.starts.at(-1)! > residentEntries) return source;
  const blocks: RowBlock[] = [];
  for (let number = 0; number + 1 < source.firstRows.length; number++) {
    const reading = readInSteps(source, number);
    for (;;) {
      const step = reading.next();
      await yieldToEventLoop();
      if (!step.done) continue;
      blocks.push(step.value);
      break;
    }
  }
  return { ...source, blocks };
}

function readBlock(source: FeatureSource, number: number, reuse?: RowBlock): RowBlock {
  const reading = readInSteps(source, number, reuse);
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
  }
}

function* readInSteps(
  source: FeatureSource,
  number: number,
  reuse?: RowBlock,
): Generator<undefined, RowBlock> {
  const { starts, firstRows } = source;
  const first = firstRows[number]!;
  const rows = firstRows[number + 1]! - first;
  const block = reuse ? { ...reuse, rows } : newBlock(rows, starts[first + rows]! - starts[first]!);
  for (let row = 0; row < rows;) {
    const end = rowAfter(starts, first + row, first + rows, entriesPerStep) - first;
    fillRows(source, first, row, end, block);
    row = end;
    yield;
  }
  return block;
}

function newBlock(rows: number, entries: number): RowBlock {
  return {
    rows,
    starts: new Int32Array(new SharedArrayBuffer((rows + 1) * 4)),
    ids: new Int32Array(new SharedArrayBuffer(entries * 4)),
    values: new Float32Array(new SharedArrayBuffer(entries * 4)),
  };
}

/** The most rows and the most entries that a block has. */
function largestBlock({ starts, firstRows }: FeatureSource): [rows: number, entries: number] {
  let [rows, entries] = [0, 0];
  for (let i = 0; i + 1 < firstRows.length; i++) {
    const [first, end] = [firstRows[i]!, firstRows[i + 1]!];
    rows = Math.max(rows, end - first);
    entries = Math.max(entries, starts[end]! - starts[first]!);
  }
  return [rows, entries];
}

/** The row after `row` and as many more as have `entries` entries together; `end` at most. */
function rowAfter(starts: Float64Array, row: number, end: number, entries: number): number {
  let after = row + 1;
  while (after < end && starts[after + 1]! - starts[row]! <= entries) after++;
  return after;
}

/** Fills `into` with a feature file's values from entry `entry` on. */
export function readEntries(path: string, into: Uint32Array | Uint16Array, entry: number): void {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
  const position = entry * into.BYTES_PER_ELEMENT;
  const file = openSync(path, 'r');
  try {
    for (let at = 0; at < bytes.length;) {
      const read = readSync(file, bytes, at, bytes.length - at, position + at);
      if (read === 0) throw new Error('a feature file is shorter than its row starts say');
      at += read;
    }
  } finally {
    closeSync(file);
  }
}

let scratch = { buckets: new Uint32Array(0), counts: new Uint16Array(0) };

/** Arrays of a length over memory that each call reuses: the collector is slow to see such garbage. */
function takeScratch(length: number): typeof scratch {
  if (length > scratch.buckets.length) {
    scratch = { buckets: new Uint32Array(length), counts: new Uint16Array(length) };
  }
  const { buckets, counts } = scratch;
  return { buckets: buckets.subarray(0, length), counts: counts.subarray(0, length) };
}

/**
 * Rows `from` to before `to` of a block. Value of a count: sublinear count × inverse document frequency,
 * each family divided by its norm.
 */
function fillRows(
  { dir, starts, familyStarts, vocabulary }: FeatureSource,
  first: number,
  from: number,
  to: number,
  block: RowBlock,
): void {
  const { ids, scales } = vocabulary;
  const offset = starts[first + from]!;
  const { buckets, counts } = takeScratch(starts[first + to]! - offset);
  readEntries(join(dir, featureFiles.buckets), buckets, offset);
  readEntries(join(dir, featureFiles.counts), counts, offset);
  let length = block.starts[from]!;
  for (let row = from; row < to; row++) {
    let entry = starts[first + row]! - offset;
    const end = starts[first + row + 1]! - offset;
    for (let family = 1; family < familyStarts.length; family++) {
      const familyEnd = familyStarts[family]!;
      const familyFrom = length;
      let norm = 0;
      for (; entry < end && buckets[entry]! < familyEnd; entry++) {
        const id = ids[buckets[entry]!]!;
        if (id < 0) continue;
        const value = sublinear(counts[entry]!) * scales[id]!;
        block.ids[length] = id;
        block.values[length++] = value;
        norm += value * value;
      }
      scaleToUnit(block.values, familyFrom, length, norm);
    }
    block.starts[row + 1] = length;
  }
}

/** In how many of the wanted rows each bucket comes up. `yieldToEventLoop` is awaited every few milliseconds. */
export async function countFrequencies(
  dir: string,
  starts: Float64Array,
  buckets: number,
  wanted: (row: number) => boolean,
  yieldToEventLoop: () => Promise<void>,
): Promise<Int32Array> {
  const frequency = new Int32Array(buckets);
  const path = join(dir, featureFiles.buckets);
  const rows = starts.length - 1;
  for (let first = 0; first < rows;) {
    const end = rowAfter(starts, first, rows, entriesPerStep);
    const found = new Uint32Array(starts[end]! - starts[first]!);
    readEntries(path, found, starts[first]!);
    for (let row = first; row < end; row++) {
      if (!wanted(row)) continue;
      const last = starts[row + 1]! - starts[first]!;
      for (let e = starts[row]! - starts[first]!; e < last; e++) frequency[found[e]!]!++;
    }
    first = end;
    await yieldToEventLoop();
  }
  return frequency;
}
