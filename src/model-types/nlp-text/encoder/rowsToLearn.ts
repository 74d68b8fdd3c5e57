import type { HeadLabels } from '../../../ml/heads/labels';
import { noFold } from '../../../ml/linear/labelledRows';
import { chooseFolds } from '../train/chooseFolds';
import { rowPart } from '../preprocess/features';
import { trainerSettings } from '../train/trainerSettings';
import type { LoadedRows } from '../train/trainRows';

/** Some rows of the train dataset, with their labels; arrays go by the place in `rows`. */
export interface ChosenRows {
  /** Their numbers in the dataset, ascending. */
  rows: Int32Array;
  labels: HeadLabels;
}

/** The rows that a model learns from: without those put aside for measuring, unless all are asked for. */
export function rowsToLearn({ parts }: LoadedRows, wanted: 'train part' | 'all rows'): Int32Array {
  const rows = Int32Array.from(parts.keys());
  return wanted === 'all rows' ? rows : rows.filter((row) => parts[row] !== rowPart.test);
}

export function chooseRows(loaded: LoadedRows, rows: Int32Array): ChosenRows {
  return { rows, labels: labelsOfRows(loaded, rows) };
}

function labelsOfRows(
  { summary, labelStarts, labelNumbers }: LoadedRows,
  rows: Int32Array,
): HeadLabels {
  const classes = summary.labels.length;
  if (summary.head === 'softmax') {
    const classOf = rows.map((row) => labelNumbers[labelStarts[row]!]!);
    return { kind: 'softmax', classes, classOf };
  }
  const offsets = new Int32Array(rows.length + 1);
  const labels: number[] = [];
  rows.forEach((row, i) => {
    const own = labelNumbers.subarray(labelStarts[row], labelStarts[row + 1]);
    labels.push(...own.toSorted());
    offsets[i + 1] = labels.length;
  });
  return { kind: 'sigmoid', classes, offsets, labels: Int32Array.from(labels) };
}

/**
 * The places of the rows of each fold: labels spread evenly, rows with the same text together. None
 * where there is nothing to hold out.
 */
export function foldsOf(loaded: LoadedRows, { rows }: ChosenRows): Int32Array[] {
  const chosen = new Set(rows);
  const parts = loaded.parts.map((_, row) => (chosen.has(row) ? rowPart.train : rowPart.test));
  const { ofRow, count } = chooseFolds(
    { ...loaded, parts },
    trainerSettings.folds,
    trainerSettings.maxFoldScores,
  );
  const places: number[][] = Array.from({ length: count }, () => []);
  rows.forEach((row, place) => {
    if (ofRow[row] !== noFold) places[ofRow[row]!]!.push(place);
  });
  return places
    .filter(({ length }) => length > 0 && length < rows.length)
    .map((own) => Int32Array.from(own));
}
