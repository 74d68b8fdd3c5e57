import { join } from 'node:path';
import { openDataset } from '../../../data/datasetReader';
import { WordReader, type WordWindow } from '../../../encoder-learning/wordReader';
import type { TextTokenizer } from '../../../ml/transformers/files/tokenizer/tokenizer';
import { nextTurn } from '../../../stage/nextTurn';
import type { StageContext } from '../../../stage/stageContext';
import { tokenize, type TokenUnit } from '../../../tagging/tokens';

/** Windows of the words of some rows. */
export interface WordRows {
  windows: WordWindow[];
  /** The row of each window, by its place among those asked for. */
  owners: number[];
  /** The labels of each row's words. */
  labels: Uint16Array[];
}

/** How the rows of the `train` dataset are read, and what their words are labelled with. */
export interface WordSource {
  tokenizer: TextTokenizer;
  /** The most tokens of a window. */
  length: number;
  unit: TokenUnit;
  /** Where the words of each row begin, and the end of the last row's. */
  starts: Float64Array;
  /** Of all words. */
  labels: Uint16Array;
}

/** Rows between two looks at the abort signal. */
const rowsPerTurn = 64;

/** Reads rows of the `train` dataset as an encoder takes them. */
export async function readWords(
  context: StageContext,
  { tokenizer, length, unit, starts, labels }: WordSource,
  rows: Int32Array,
): Promise<WordRows> {
  const reader = new WordReader(tokenizer, length);
  const found: WordRows = { windows: [], owners: [], labels: [] };
  const dataset = openDataset(join(context.inputs, 'extract', 'train'));
  try {
    for (const [place, row] of rows.entries()) {
      const text = dataset.get('text', row);
      for (const window of reader.windows(text, tokenize(text, unit))) {
        found.windows.push(window);
        found.owners.push(place);
      }
      found.labels.push(labels.subarray(starts[row], starts[row + 1]));
      if (place % rowsPerTurn === 0) await nextTurn(context);
    }
  } finally {
    dataset.close();
  }
  return found;
}
