import { join } from 'node:path';
import { openDataset } from '../../../data/dataset';
import { excerpt } from '../../../classification/excerpt';
import { featureFiles, readFeatureSummary } from '../preprocess/features';
import { readArray } from '../../../support/arrayFiles';
import { readUnseen } from '../train/outOfFoldScores';
import { findLabelIssues, type LikelyWrongLabels } from '../../../classification/wrongLabels';

const listed = 30;

/**
 * Train rows whose labels are likely wrong, by what models that had not seen them say; `inputs` holds
 * `extract/`, `preprocess/` and `train/`. Null where a row may have many labels (there a missing
 * label and a wrong one look alike), and where no model left a row unseen.
 */
export function findWrongLabels(inputs: string): LikelyWrongLabels | null {
  const preprocess = join(inputs, 'preprocess');
  const { head, labels: names } = readFeatureSummary(preprocess);
  if (head === 'sigmoid') return null;
  const unseen = readUnseen(join(inputs, 'train'));
  if (!unseen) return null;
  const { rows, probabilities } = unseen;
  // With one label a row, the labels lie row by row.
  const labelOfRow = new Int32Array(readArray(preprocess, featureFiles.labels));
  const labels = rows.map((row) => labelOfRow[row]!);
  const doubted = findLabelIssues({ labels, probabilities, labelCount: names.length });
  const train = openDataset(join(inputs, 'extract', 'train'));
  try {
    const examples = doubted.slice(0, listed).map(({ place, suggested }) => ({
      row: rows[place]! + 1,
      text: excerpt(train.get('text', rows[place]!)),
      label: names[labels[place]!]!,
      suggested: names[suggested]!,
      label_probability: probabilities[place * names.length + labels[place]!]!,
      suggested_probability: probabilities[place * names.length + suggested]!,
    }));
    return { checked: rows.length, count: doubted.length, examples };
  } finally {
    train.close();
  }
}
