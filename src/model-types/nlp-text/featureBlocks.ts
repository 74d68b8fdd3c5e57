import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { RowBlock, RowBlocks } from '../../ml/linear/rowBlock';
import { scaleToUnit, sublinear } from '../../ml/text/vectorizer';
import type { Vocabulary } from '../../ml/text/vocabulary';
import { featureFiles } from './features';

/** Entries of one block: 128 MiB of them. A block is what one visit of the trainer goes over. */
const entriesPerBlock = 1 << 24;
/** Up to so many entries (512 MiB) are held by all threads together; more are read from disk in turn. */
const residentEntries = 1 << 26;

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
  let block: RowBlock | undefined;
  return {
    features: vocabulary.scales.length,
    rows: starts.length - 1,
    firstRows,
    load(number) {
      if (blocks) return blocks[number]!;
      if (number !== loaded || !block) {
        block = readBlock(source, number, block);
        loaded = number;
      }
      return block;
    },
  };
}

/** Reads all blocks into shared memory when they are few enough. */
export function makeResident(source: FeatureSource): FeatureSource {
  if (source.starts.at(-1)! > residentEntries) return source;
  const count = source.firstRows.length - 1;
  return { ...source, blocks: Array.from({ length: count }, (_, i) => readBlock(source, i)) };
}

function readBlock(source: FeatureSource, number: number, reuse?: RowBlock): RowBlock {
  const { starts, firstRows } = source;
  const first = firstRows[number]!;
  const rows = firstRows[number + 1]! - first;
  const entries = starts[first + rows]! - starts[first]!;
  const fits = reuse && reuse.ids.length >= entries && reuse.starts.length > rows;
  const block: RowBlock = fits
    ? { ...reuse, rows }
    : {
        rows,
        starts: new Int32Array(new SharedArrayBuffer((rows + 1) * 4)),
        ids: new Int32Array(new SharedArrayBuffer(entries * 4)),
        values: new Float32Array(new SharedArrayBuffer(entries * 4)),
      };
  const buckets = new Uint32Array(entries);
  const counts = new Uint16Array(entries);
  readEntries(join(source.dir, featureFiles.buckets), buckets, starts[first]!);
  readEntries(join(source.dir, featureFiles.counts), counts, starts[first]!);
  fillBlock(source, first, buckets, counts, block);
  return block;
}

/** Fills `into` with a feature file's values from entry `entry` on. */
export function readEntries(path: string, into: Uint32Array | Uint16Array, entry: number): void {
  const bytes = new Uint8Array(into.buffer);
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

/** Value of a count: sublinear count × inverse document frequency, each family divided by its norm. */
function fillBlock(
  { starts, familyStarts, vocabulary }: FeatureSource,
  first: number,
  buckets: Uint32Array,
  counts: Uint16Array,
  block: RowBlock,
): void {
  const { ids, scales } = vocabulary;
  const offset = starts[first]!;
  let length = 0;
  for (let row = 0; row < block.rows; row++) {
    block.starts[row] = length;
    let entry = starts[first + row]! - offset;
    const end = starts[first + row + 1]! - offset;
    for (let family = 1; family < familyStarts.length; family++) {
      const familyEnd = familyStarts[family]!;
      const from = length;
      let norm = 0;
      for (; entry < end && buckets[entry]! < familyEnd; entry++) {
        const id = ids[buckets[entry]!]!;
        if (id < 0) continue;
        const value = sublinear(counts[entry]!) * scales[id]!;
        block.ids[length] = id;
        block.values[length++] = value;
        norm += value * value;
      }
      scaleToUnit(block.values, from, length, norm);
    }
  }
  block.starts[block.rows] = length;
}

/** In how many of the wanted rows each bucket comes up. */
export function countFrequencies(
  dir: string,
  starts: Float64Array,
  buckets: number,
  wanted: (row: number) => boolean,
): Int32Array {
  const frequency = new Int32Array(buckets);
  const path = join(dir, featureFiles.buckets);
  const firstRows = cutBlocks(starts);
  for (let block = 0; block + 1 < firstRows.length; block++) {
    const first = firstRows[block]!;
    const end = firstRows[block + 1]!;
    const found = new Uint32Array(starts[end]! - starts[first]!);
    readEntries(path, found, starts[first]!);
    for (let row = first; row < end; row++) {
      if (!wanted(row)) continue;
      const last = starts[row + 1]! - starts[first]!;
      for (let e = starts[row]! - starts[first]!; e < last; e++) frequency[found[e]!]!++;
    }
  }
  return frequency;
}
