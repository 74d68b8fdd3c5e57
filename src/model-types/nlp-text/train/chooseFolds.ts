import { noFold } from '../../../ml/linear/labelledRows';
import { randomAt, streamKey } from '../../../ml/random/counterRandom';
import { rowPart } from '../preprocess/features';
import type { LoadedRows } from './trainRows';

/** The fold that leaves each row out, −1 for none, and how many folds there are. */
export interface Folds {
  ofRow: Int8Array;
  count: number;
}

/**
 * Spreads the rows to learn from over folds, each label evenly and rows with the same text together. Where
 * rows × labels would pass `maxScores`, there is one fold of only so many rows, chosen by the seed: each
 * fold costs as much as the training itself, and these rows suffice.
 */
export function chooseFolds(
  { summary, parts, groups, labelStarts, labelNumbers }: LoadedRows,
  most: number,
  maxScores: number,
): Folds {
  const rows = parts.length;
  const labels = summary.labels.length;
  const fold = new Int8Array(new SharedArrayBuffer(rows)).fill(noFold);
  const scoresPerRow = labels === 2 && summary.head === 'softmax' ? 1 : labels;
  const possible = Math.min(1, maxScores / scoresPerRow / Math.max(1, rows));
  const folds = possible < 1 ? 1 : most;
  const share = possible < 1 ? Math.min(possible, 1 / most) : 1;
  const key = streamKey(summary.seed, 0xf01d5);
  // Each label deals its rows out in turn, starting at a fold of its own.
  const next = Int32Array.from({ length: labels + 1 }, (_, label) => randomAt(key, label) % folds);
  for (let row = 0; row < rows; row++) {
    if (parts[row] === rowPart.test) continue;
    const first = groups[row]!;
    if (first !== row && fold[first] !== noFold) {
      fold[row] = fold[first]!;
      continue;
    }
    if (randomAt(key, labels + 1 + first) / 4294967296 >= share) continue;
    const has = labelStarts[row]! < labelStarts[row + 1]!;
    const label = has ? labelNumbers[labelStarts[row]!]! : labels;
    fold[row] = next[label]!;
    next[label] = (next[label]! + 1) % folds;
  }
  return { ofRow: fold, count: folds };
}
