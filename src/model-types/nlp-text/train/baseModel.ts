import { existsSync } from 'node:fs';
import type { LinearModel } from '../../../ml/linear/linearModel';
import type { Vocabulary } from '../../../ml/text/vocabulary';
import { linearModelOf, readBundle, readRehearsalFile } from '../bundle/bundle';
import type { FeatureSummary } from '../preprocess/features';
import { readRehearsal } from './rehearsal';

/** A model to go on from, with what was folded into its weights. */
export interface BaseModel extends LinearModel {
  scale: Float64Array;
  shift: Float64Array;
}

/** The base model in `dir`; undefined when the folder or its rehearsal is not there. */
export function readBaseModel(dir: string): BaseModel | undefined {
  if (!existsSync(dir)) return undefined;
  const packed = readRehearsalFile(dir);
  if (!packed) return undefined;
  return { ...linearModelOf(readBundle(dir)), ...readRehearsal(packed).calibration };
}

/**
 * The margins that the base model learned, as weights of the new model's problems: for each label one
 * per feature and last the bias, 0 for labels and features that are new.
 */
export function baseMargins(
  base: BaseModel,
  vocabulary: Vocabulary,
  { labels, head }: Pick<FeatureSummary, 'labels' | 'head'>,
): Float32Array {
  const columns = base.labels.length;
  const length = vocabulary.buckets.length + 1;
  const margins = new Float32Array(new SharedArrayBuffer(labels.length * length * 4));
  const oneProblem = head === 'softmax' && columns === 2;
  for (let label = 0; label < columns; label++) {
    // A model of two labels gives each half of one problem's logit: minus and plus.
    const scale = oneProblem ? base.scale[0]! / 2 : base.scale[label]!;
    const shift = oneProblem ? (base.shift[0]! / 2) * (label === 0 ? -1 : 1) : base.shift[label]!;
    const at = label * length;
    base.buckets.forEach((bucket, row) => {
      margins[at + vocabulary.ids[bucket]!] = base.weights[row * columns + label]! / scale;
    });
    margins[at + length - 1] = (base.bias[label]! - shift) / scale;
  }
  return margins;
}
