import type { DenseFeatures } from './denseFeatures';
import { softmaxRow } from './losses';

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

/** rows × classes, row-major. */
export function headProbabilities(head: LinearHead, features: DenseFeatures): Float32Array {
  const { kind, classes, width, weights, bias } = head;
  const probabilities = new Float32Array(features.rows * classes);
  for (let row = 0, at = 0; row < features.rows; row++, at += classes) {
    for (let c = 0; c < classes; c++) {
      let logit = bias[c]!;
      for (let j = 0; j < width; j++) {
        logit += weights[c * width + j]! * features.values[row * width + j]!;
      }
      probabilities[at + c] = kind === 'sigmoid' ? 1 / (1 + Math.exp(-logit)) : logit;
    }
    if (kind === 'softmax') softmaxRow(probabilities, at, classes);
  }
  return probabilities;
}
