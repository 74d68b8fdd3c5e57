import { type Shape, ShapeError } from '../../autodiff/shape';
import type { Tensor } from '../../autodiff/tensor';

/**
 * Cross-entropy of a softmax over logits [rows, classes], summed and divided by `total`, [] or [1].
 * Targets [rows, classes] hold what each class weighs in each row; class weights and label smoothing
 * are in them, and `classTargets` gives them and their total. Fed from outside, the total makes
 * parts of a batch add up to it: with the total of the whole batch their gradients sum to the batch's,
 * with their own they are means.
 */
export function crossEntropy(logits: Tensor, targets: Tensor, total: Tensor): Tensor {
  requireSame('crossEntropy', logits, targets);
  return logits.logSoftmax().mul(targets).sum().neg().reshape([]).div(total.reshape([]));
}

/**
 * Binary cross-entropy with logits [rows, labels] for many labels per row, summed over both and divided
 * by `total`, which is rows × labels for the mean. Targets [rows, labels] are 0 to 1.
 */
export function binaryCrossEntropy(logits: Tensor, targets: Tensor, total: Tensor): Tensor {
  requireSame('binaryCrossEntropy', logits, targets);
  return logits.softplus().sub(logits.mul(targets)).sum().reshape([]).div(total.reshape([]));
}

function requireSame(operator: string, { shape: a }: Tensor, { shape: b }: Tensor): void {
  const same = (x: Shape, y: Shape): boolean => x.join() === y.join();
  if (!same(a, b)) throw new ShapeError(operator, [a, b], 'logits and targets differ in shape');
}

export interface ClassTargetOptions {
  /** What rows of each class weigh. @default 1 */
  classWeights?: ArrayLike<number> | undefined;
  /** Part of each row's weight that goes to all classes evenly (Szegedy et al. 2016), 0 to 1. @default 0 */
  labelSmoothing?: number | undefined;
}

/**
 * What `crossEntropy` takes for rows of one class each, and what the loss is to be divided by. With
 * class weights and smoothing both, it is PyTorch's definition: the smoothed part weighs each class by
 * its own weight, the divisor is the sum of the weights of the rows' classes.
 */
export function classTargets(
  labels: ArrayLike<number>,
  classes: number,
  { classWeights, labelSmoothing = 0 }: ClassTargetOptions = {},
): { targets: Float32Array; total: number } {
  const targets = new Float32Array(labels.length * classes);
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    if (!(label >= 0 && label < classes))
      throw new RangeError(`row ${row} has class ${label}; there are ${classes}`);
    const weight = classWeights?.[label] ?? 1;
    total += weight;
    for (let c = 0; c < classes; c++)
      targets[row * classes + c] = (labelSmoothing / classes) * (classWeights?.[c] ?? 1);
    targets[row * classes + label]! += (1 - labelSmoothing) * weight;
  }
  return { targets, total };
}
