import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset } from '../../data/dataset';
import { excerpt } from './excerpt';
import { featureFiles, readArray, readFeatureSummary } from './features';
import { unseenFile } from './unseenScores';
import { doubtLabels, type LikelyWrongLabels, type UnseenOpinions } from './wrongLabels';

const listed = 30;

/**
 * Train rows whose labels are likely wrong, by what models that had not seen them say; `inputs` holds
 * `extract/`, `preprocess/` and `train/`. Null where a row may have many labels: there a missing label
 * and a wrong one look alike.
 */
export function findWrongLabels(inputs: string): LikelyWrongLabels | null {
  const preprocess = join(inputs, 'preprocess');
  const summary = readFeatureSummary(preprocess);
  if (summary.head === 'sigmoid' || !existsSync(join(inputs, 'train', unseenFile))) return null;
  const opinions = readOpinions(join(inputs, 'train'), preprocess, summary.rows);
  const { checked, doubted } = doubtLabels(opinions, summary.labels.length);
  const train = openDataset(join(inputs, 'extract', 'train'));
  try {
    const examples = doubted.slice(0, listed).map((row) => ({
      row: row + 1,
      text: excerpt(train.get('text', row)),
      label: summary.labels[opinions.labels[row]!]!,
      suggested: summary.labels[opinions.likeliest[row]!]!,
      label_probability: opinions.own[row]!,
      suggested_probability: opinions.likeliestProbability[row]!,
    }));
    return { checked, count: doubted.length, examples };
  } finally {
    train.close();
  }
}

/** `oof.bin` is three arrays, one after the other; see its writer. With one label a row, labels lie row by row. */
function readOpinions(train: string, preprocess: string, rows: number): UnseenOpinions {
  const bytes = readArray(train, unseenFile);
  return {
    labels: new Int32Array(readArray(preprocess, featureFiles.labels)),
    own: new Float32Array(bytes, 0, rows),
    likeliest: new Int32Array(bytes, rows * 4, rows),
    likeliestProbability: new Float32Array(bytes, rows * 8, rows),
  };
}
