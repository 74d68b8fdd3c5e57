/**
 * Sequences to learn from. Every token has as many places for features as there are templates; a place
 * holds a row of the weights, or `noFeature`.
 */
export interface Sequences {
  /** Places of a token. */
  readonly width: number;
  /** tokens × width rows of the weights. */
  readonly features: Int32Array;
  /** The label of each token. */
  readonly labels: Uint16Array;
  /** Where each sequence begins, in tokens, and the end of the last. */
  readonly starts: Float64Array;
}

/** In a place that a token has no feature for, or whose feature is not known. */
export const noFeature = -1;
