import { addRow, rowDot, type RowBlock } from './rowBlock';

/** What one problem changes while it is solved; see SvmSolver. */
export interface SvmState {
  /** One per feature and last the bias. */
  weights: Float64Array;
  /** The dual variables, one per row. */
  alpha: Float64Array;
  /** Row numbers, block after block; the first `active[b]` of block b are still looked at. */
  order: Int32Array;
  active: Int32Array;
  /** A row that is best left at 0 leaves: it is not looked at until the others are solved. */
  leaving: boolean;
  /** Over the rows visited in this pass: the projected gradient's range and Σ C·loss. */
  highest: number;
  lowest: number;
  loss: number;
}

/** What all problems on the same rows share, one entry per row. */
export interface SvmRows {
  /** ‖xᵢ‖² + 1 + 1/(2 Cᵢ): the second derivative along αᵢ. */
  curvature: Float64Array;
  /** 1/(2 Cᵢ). */
  diagonal: Float64Array;
}

/**
 * Visits the active rows of one block once, in the order that they stand in `order`, and moves each
 * dual variable to its best place, the others being fixed.
 *
 * @param first number of the block's first row
 * @param targets +1 or −1 per row
 * @param calm a dual variable whose gradient is smaller stays: it is as good as solved
 */
export function svmPass(
  block: RowBlock,
  first: number,
  blockNumber: number,
  targets: Int8Array,
  shared: SvmRows,
  state: SvmState,
  calm: number,
): void {
  const { weights, alpha, order, leaving } = state;
  const { curvature, diagonal } = shared;
  const bias = weights.length - 1;
  let active = state.active[blockNumber]!;
  let { highest, lowest, loss } = state;
  for (let s = 0; s < active; s++) {
    const row = order[first + s]!;
    const target = targets[row]!;
    const a = alpha[row]!;
    const slack = 1 - target * (rowDot(block, row - first, weights) + weights[bias]!);
    if (slack > 0) loss += (slack * slack) / (2 * diagonal[row]!);
    const gradient = a * diagonal[row]! - slack;
    if (a === 0 && gradient > 0) {
      if (highest < 0) highest = 0;
      if (lowest > 0) lowest = 0;
      if (leaving) {
        order[first + s--] = order[first + --active]!;
        order[first + active] = row;
      }
      continue;
    }
    if (gradient > highest) highest = gradient;
    if (gradient < lowest) lowest = gradient;
    if (gradient > calm || gradient < -calm) {
      const next = Math.max(a - gradient / curvature[row]!, 0);
      alpha[row] = next;
      const change = (next - a) * target;
      addRow(block, row - first, change, weights);
      weights[bias]! += change;
    }
  }
  state.active[blockNumber] = active;
  state.highest = highest;
  state.lowest = lowest;
  state.loss = loss;
}
