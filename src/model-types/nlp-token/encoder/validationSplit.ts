import { join } from 'node:path';
import { splitRows } from '../../../classification/splitRows';
import { TextGroups, textIdentity } from '../../../classification/textGroups';
import { openDataset } from '../../../data/datasetReader';
import { streamKey } from '../../../ml/random/counterRandom';
import { tagOf } from '../../../tagging/tagLabels';
import type { RowLabels } from '../preprocess/tokenData';

/** Another stream than that of the rows put aside for measuring. */
const stream = 0x7a11d;

/** Of the rows to learn from: a tenth, but no more than it takes to choose an epoch or a penalty. */
const share = 0.1;
const mostRows = 1000;

/**
 * Cuts rows to learn from in two: tags spread evenly, rows with the same text together.
 *
 * @param inputs of the stage, with `extract/train`
 * @param rows ascending
 */
export function splitValidation(
  inputs: string,
  { labels, starts }: RowLabels,
  rows: Int32Array,
  { seed, tags }: { seed: number; tags: number },
): { train: Int32Array; validation: Int32Array } {
  const groups = new TextGroups();
  const dataset = openDataset(join(inputs, 'extract', 'train'));
  try {
    for (const row of rows) {
      const text = dataset.get('text', row);
      groups.add(textIdentity(text, text.length));
    }
  } finally {
    dataset.close();
  }
  const firstTags = rows.map((row) => {
    const own = labels.subarray(starts[row], starts[row + 1]);
    return tagOf(own.find((label) => label > 0) ?? 1 + 2 * tags);
  });
  const part = Math.min(share, mostRows / Math.max(1, rows.length));
  const aside = splitRows(groups.first(), firstTags, tags + 1, part, streamKey(seed, stream));
  return {
    train: rows.filter((_, place) => aside[place] === 0),
    validation: rows.filter((_, place) => aside[place] === 1),
  };
}
