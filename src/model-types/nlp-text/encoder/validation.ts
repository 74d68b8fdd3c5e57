import { join } from 'node:path';
import { openDataset } from '../../../data/datasetReader';
import type { HeadLabels } from '../../../ml/heads/labels';
import type { LoadedRows } from '../train/trainRows';
import { chooseRows } from './rowsToLearn';

/** Texts that a model was not trained on, with their labels by place. */
export interface Validation {
  texts: readonly string[];
  labels: HeadLabels;
}

/** int8 is judged by so many texts at most. */
const mostTexts = 512;

/** The first of some rows of the train dataset in `extract/`, to judge a model by. */
export function validationOf(inputs: string, loaded: LoadedRows, rows: Int32Array): Validation {
  const train = openDataset(join(inputs, 'extract', 'train'));
  try {
    const own = rows.slice(0, mostTexts);
    const { labels } = chooseRows(loaded, own);
    return { texts: Array.from(own, (row) => train.get('text', row)), labels };
  } finally {
    train.close();
  }
}
