import type { DenseFeatures } from './denseFeatures';

/**
 * A trained linear classifier over dense features, calibration folded in: logit[c] = bias[c] +
 * Σ features[j] · weights[c, j]; probabilities are softmax(logit) or sigmoid(logit) by `kind`.
 */
export interface LinearHead {
  kind: 'softmax' | 'sigmoid';
  classes: number;
  width: number;
  /** classes × width, row-major. */
  weights: Float32Array;
  /** One per class. */
  bias: Float32Array;
  /** From which probability on a label counts as predicted, one per label; of a sigmoid head only. */
  thresholds?: Float32Array | undefined;
}

/** Logits of dense features, rows × classes, row-major. */
export function headLogits(
  { classes, weights, bias }: LinearHead,
  { values, rows, width }: DenseFeatures,
): Float32Array {
  const logits = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < classes; c++) {
      let sum = bias[c]!;
      for (let j = 0; j < width; j++) sum += values[row * width + j]! * weights[c * width + j]!;
      logits[row * classes + c] = sum;
    }
  }
  return logits;
}
