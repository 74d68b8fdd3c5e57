import { join } from 'node:path';
import type { Calibration } from '../../../ml/linear/calibration';
import { noFold } from '../../../ml/linear/labelledRows';
import type { ProblemResult } from '../../../ml/linear/problemTask';
import { packArrays, unpackArrays, type PackedArray } from '../../../bundle/packedArrays';
import { readEntries } from './featureBlocks';
import { featureFiles } from '../preprocess/features';
import type { LoadedRows } from './trainRows';

/**
 * What a model takes along for trainings that start from it: hashed n-grams of some of its training
 * rows (never their texts), so that its labels are not forgotten when new data has none of them.
 */
export interface Rehearsal {
  starts: Float64Array;
  buckets: Uint32Array;
  counts: Uint16Array;
  labelStarts: Float64Array;
  labels: Int32Array;
  /** What was folded into the weights: it leads back to the margins that were learned. */
  calibration: Calibration;
}

/** N-grams kept at most: 6 bytes each. */
const maxEntries = 1e6;

/**
 * Picks rows of each label in turn, those with the largest dual variables first: the solution rests
 * on them. All rows when they are few enough.
 */
export function pickRehearsal(
  loaded: LoadedRows,
  results: ProblemResult[],
  calibration: Calibration,
  included: Uint8Array,
): Uint8Array {
  const { dir, starts, labelStarts, labelNumbers } = loaded;
  const rows = pickRows(loaded, results, included);
  return packArrays(
    {
      version: 1,
      scale: Array.from(calibration.scale),
      shift: Array.from(calibration.shift),
    },
    new Map<string, PackedArray>([
      ['starts', startsOf(rows, starts)],
      ['buckets', readRows(join(dir, featureFiles.buckets), Uint32Array, rows, starts)],
      ['counts', readRows(join(dir, featureFiles.counts), Uint16Array, rows, starts)],
      ['labelStarts', startsOf(rows, labelStarts)],
      ['labels', labelsOfRows(rows, labelStarts, labelNumbers)],
    ]),
  );
}

export function readRehearsal(packed: Uint8Array): Rehearsal {
  const { meta, arrays } = unpackArrays(packed);
  const { scale, shift } = meta as { scale: number[]; shift: number[] };
  return {
    starts: arrays.get('starts') as Float64Array,
    buckets: arrays.get('buckets') as Uint32Array,
    counts: arrays.get('counts') as Uint16Array,
    labelStarts: arrays.get('labelStarts') as Float64Array,
    labels: arrays.get('labels') as Int32Array,
    calibration: { scale: Float64Array.from(scale), shift: Float64Array.from(shift) },
  };
}

function pickRows(
  { starts, labelStarts, labelNumbers, summary }: LoadedRows,
  results: ProblemResult[],
  included: Uint8Array,
): Int32Array {
  const weight = supportWeights(results, included.length);
  const byLabel: number[][] = Array.from({ length: summary.labels.length + 1 }, () => []);
  for (let row = 0; row < included.length; row++) {
    if (included[row] === 0) continue;
    const at = labelStarts[row]!;
    const label = at < labelStarts[row + 1]! ? labelNumbers[at]! : summary.labels.length;
    byLabel[label]!.push(row);
  }
  for (const rows of byLabel) rows.sort((a, b) => weight[b]! - weight[a]! || a - b);
  const picked: number[] = [];
  let entries = 0;
  for (let turn = 0; byLabel.some((rows) => turn < rows.length); turn++) {
    for (const rows of byLabel) {
      const row = rows[turn];
      if (row === undefined) continue;
      const size = starts[row + 1]! - starts[row]!;
      if (entries + size > maxEntries) continue;
      entries += size;
      picked.push(row);
    }
    if (entries > maxEntries * 0.99) break;
  }
  return Int32Array.from(picked).sort();
}

function supportWeights(results: ProblemResult[], rows: number): Float64Array {
  const weight = new Float64Array(rows);
  for (const { fold, support } of results) {
    if (fold !== noFold || !support) continue;
    support.rows.forEach((row, i) => (weight[row]! += support.alpha[i]!));
  }
  return weight;
}

function startsOf(rows: Int32Array, starts: Float64Array): Float64Array {
  const picked = new Float64Array(rows.length + 1);
  rows.forEach((row, i) => (picked[i + 1] = picked[i]! + starts[row + 1]! - starts[row]!));
  return picked;
}

function readRows<T extends Uint32Array | Uint16Array>(
  path: string,
  kind: new (length: number) => T,
  rows: Int32Array,
  starts: Float64Array,
): T {
  const into = new kind(startsOf(rows, starts).at(-1)!);
  let at = 0;
  for (const row of rows) {
    const part = new kind(starts[row + 1]! - starts[row]!);
    readEntries(path, part, starts[row]!);
    into.set(part, at);
    at += part.length;
  }
  return into;
}

function labelsOfRows(rows: Int32Array, starts: Float64Array, numbers: Int32Array): Int32Array {
  return Int32Array.from(
    [...rows].flatMap((row) => [...numbers.subarray(starts[row], starts[row + 1])]),
  );
}
