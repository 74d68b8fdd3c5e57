/**
 * A trained linear classifier over sparse hashed features, as plain arrays: what training makes and
 * export writes. Calibration is already folded into weights and bias.
 *
 * For a text with feature rows `r` and values `v`: logit[c] = bias[c] + Σ v·weights[r, c], and the
 * probabilities are softmax(logit) or sigmoid(logit) by `head`.
 */
export interface LinearModel {
  head: 'softmax' | 'sigmoid';
  labels: string[];
  /** The hashed n-gram buckets that carry weight, ascending; row i of `weights` is bucket `buckets[i]`. */
  buckets: Uint32Array;
  /** What a row's raw count value is multiplied with (inverse document frequency), one per row. */
  scales: Float32Array;
  /** rows × labels, row-major. */
  weights: Float32Array;
  /** One per label. */
  bias: Float32Array;
  /** Sigmoid: from which probability on each label counts as predicted. @default 0.5 */
  thresholds?: Float32Array | undefined;
}
