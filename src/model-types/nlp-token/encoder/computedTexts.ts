import { join } from 'node:path';
import { openDataset } from '../../../data/datasetReader';
import { tokenize, type TokenUnit } from '../../../tagging/tokens';
import type { ComputedText } from '../bundle/encoderBundle';

/** As many rows hold the exported graph against the trainer. */
const mostRows = 8;

/**
 * The first of some rows of the `train` dataset, with what the trainer computed for them.
 *
 * @param scoresOf by the place among `rows`
 */
export function computedTexts(
  inputs: string,
  unit: TokenUnit,
  rows: Int32Array,
  scoresOf: (place: number) => Float32Array,
): ComputedText[] {
  const dataset = openDataset(join(inputs, 'extract', 'train'));
  try {
    return Array.from(rows.subarray(0, mostRows), (row, place) => {
      const text = dataset.get('text', row);
      return { text, tokens: tokenize(text, unit), scores: scoresOf(place) };
    });
  } finally {
    dataset.close();
  }
}
