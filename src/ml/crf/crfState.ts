/**
 * What a conditional random field is trained on: its weights, what their averages and step sizes are
 * made of, and how far it is.
 */
export interface CrfState {
  /** rows × labels. */
  weights: Float32Array;
  /** labels × labels. */
  transitions: Float64Array;
  /** Sums of update number × update, from which averages follow. */
  weightSums: Float32Array;
  transitionSums: Float64Array;
  /** Sums of squared gradients: one for a row of weights, one for each transition. */
  rowSquares: Float32Array;
  transitionSquares: Float64Array;
  /** Updates done, one a sequence. */
  updates: number;
  /** Passes done, and sequences done of the one under way. */
  passes: number;
  place: number;
  /** Summed loss of the pass under way. */
  loss: number;
  /** Mean loss of a sequence, by pass. */
  losses: number[];
}

/** Squares start here, so that the first step is no longer than the rate. */
const firstSquares = 1;

/** A fresh start, from weights that are there or from 0. */
export function startState(
  rows: number,
  labels: number,
  from?: { weights: Float32Array; transitions: Float64Array },
): CrfState {
  return {
    weights: from ? Float32Array.from(from.weights) : new Float32Array(rows * labels),
    transitions: from ? Float64Array.from(from.transitions) : new Float64Array(labels * labels),
    weightSums: new Float32Array(rows * labels),
    transitionSums: new Float64Array(labels * labels),
    rowSquares: new Float32Array(rows).fill(firstSquares),
    transitionSquares: new Float64Array(labels * labels).fill(firstSquares),
    updates: 0,
    passes: 0,
    place: 0,
    loss: 0,
    losses: [],
  };
}

/** The mean of the weights over all updates, which generalizes better than the last ones. */
export function averaged({ weights, weightSums, ...state }: CrfState): {
  weights: Float32Array;
  transitions: Float64Array;
} {
  const { transitions, transitionSums, updates } = state;
  const share = 1 / (updates + 1);
  return {
    weights: weights.map((weight, i) => weight + weightSums[i]! * share),
    transitions: transitions.map((weight, i) => weight + transitionSums[i]! * share),
  };
}
