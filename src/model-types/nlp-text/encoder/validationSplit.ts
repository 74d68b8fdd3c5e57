import { streamKey } from '../../../ml/random/counterRandom';
import { splitRows } from '../../../classification/splitRows';
import type { LoadedRows } from '../train/trainRows';
import { validationShare } from '../../../encoder-learning/fineTuning/settings';

/** Another stream than that of the rows put aside for measuring. */
const stream = 0x7a11d;

/** Cuts rows to learn from in two: labels spread evenly, rows with the same text together. */
export function splitValidation(
  { summary, groups, labelStarts, labelNumbers }: LoadedRows,
  rows: Int32Array,
): { train: Int32Array; validation: Int32Array } {
  const placeOf = new Map<number, number>();
  const firsts = rows.map((row, place) => {
    const group = groups[row]!;
    if (!placeOf.has(group)) placeOf.set(group, place);
    return placeOf.get(group)!;
  });
  const none = summary.labels.length;
  const labels = rows.map((row) =>
    labelStarts[row]! < labelStarts[row + 1]! ? labelNumbers[labelStarts[row]!]! : none,
  );
  const seed = streamKey(summary.seed, stream);
  const share = validationShare(summary.head, rows.length);
  const aside = splitRows(firsts, labels, none + 1, share, seed);
  return {
    train: rows.filter((_, place) => aside[place] === 0),
    validation: rows.filter((_, place) => aside[place] === 1),
  };
}
