import type { ClassPerRow, HeadLabels, LabelsPerRow } from './labels';
import { softmaxRow } from './probabilities';

/**
 * The weighted sum of the losses of some rows. Writes the derivative by each logit over the logits.
 *
 * @param logits rows × classes
 * @param first number of the first of these rows
 * @param weights of all rows; one of 0 leaves its row out
 */
export function lossOf(
  labels: HeadLabels,
  logits: Float32Array,
  first: number,
  weights: Float64Array,
): number {
  return labels.kind === 'softmax'
    ? softmaxLoss(labels, logits, first, weights)
    : sigmoidLoss(labels, logits, first, weights);
}

/** Cross-entropy. */
function softmaxLoss(
  { classes, classOf }: ClassPerRow,
  logits: Float32Array,
  first: number,
  weights: Float64Array,
): number {
  let loss = 0;
  for (let at = 0, row = first; at < logits.length; at += classes, row++) {
    const weight = weights[row]!;
    if (weight === 0) {
      logits.fill(0, at, at + classes);
      continue;
    }
    const own = at + classOf[row]!;
    const ownLogit = logits[own]!;
    loss += weight * (softmaxRow(logits, at, classes) - ownLogit);
    for (let i = at; i < at + classes; i++) logits[i]! *= weight;
    logits[own]! -= weight;
  }
  return loss;
}

/** Binary cross-entropy, summed over the labels. */
function sigmoidLoss(
  { classes, offsets, labels }: LabelsPerRow,
  logits: Float32Array,
  first: number,
  weights: Float64Array,
): number {
  let loss = 0;
  for (let at = 0, row = first; at < logits.length; at += classes, row++) {
    const weight = weights[row]!;
    if (weight === 0) {
      logits.fill(0, at, at + classes);
      continue;
    }
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++)
      loss -= weight * logits[at + labels[i]!]!;
    for (let i = at; i < at + classes; i++) {
      const logit = logits[i]!;
      const power = Math.exp(-Math.abs(logit));
      loss += weight * (Math.max(logit, 0) + Math.log1p(power));
      logits[i] = (weight * (logit >= 0 ? 1 : power)) / (1 + power);
    }
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++) logits[at + labels[i]!]! -= weight;
  }
  return loss;
}
