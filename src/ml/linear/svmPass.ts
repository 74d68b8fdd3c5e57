import { addRow, rowDot, type RowBlock } from './rowBlock';

/**
 * A two-class L2-loss support vector machine in its dual form (Hsieh, Chang, Lin, Keerthi and
 * Sundararajan 2008, "A Dual Coordinate Descent Method for Large-scale Linear SVM"):
 * min over α ≥ 0 of ½ ‖w − w₀‖² + Σ αᵢ²/(4 Cᵢ) − Σ αᵢ, with w = w₀ + Σ αᵢ yᵢ xᵢ. Each row has one
 * more feature of value 1, whose weight is the bias.
 */
export interface SvmState {
  /** One per feature and last the bias. */
  weights: Float64Array;
  /** One per row. */
  alpha: Float64Array;
  /** Rows by block; the first `active[b]` of block b are still looked at. */
  order: Int32Array;
  active: Int32Array;
  /** The projected gradient's range over the last whole pass: the shrinking bounds of the next. */
  highest: number;
  lowest: number;
}

/** What all problems on the same rows share. */
export interface SvmRows {
  /** ‖xᵢ‖² + 1 + 1/(2 Cᵢ): the second derivative along αᵢ. */
  curvature: Float64Array;
  /** 1/(2 Cᵢ). */
  diagonal: Float64Array;
}

/** The projected gradient's range over what was visited. */
export interface GradientRange {
  highest: number;
  lowest: number;
}

/**
 * Visits the active rows of one block once, in the order that they stand in `order`; rows that lie
 * at their bound and are sure to stay there leave the active part.
 *
 * @param first number of the block's first row; `order` holds row numbers from `first` on
 * @param targets per row +1, −1, or 0 for a row that is left out
 */
export function svmPass(
  block: RowBlock,
  first: number,
  blockNumber: number,
  targets: Int8Array,
  shared: SvmRows,
  state: SvmState,
  range: GradientRange,
): void {
  const { weights, alpha, order } = state;
  const { curvature, diagonal } = shared;
  const bias = weights.length - 1;
  const shrinkAbove = state.highest > 0 ? state.highest : Infinity;
  let active = state.active[blockNumber]!;
  let { highest, lowest } = range;
  for (let s = 0; s < active; s++) {
    const row = order[first + s]!;
    const target = targets[row]!;
    const a = alpha[row]!;
    const score = rowDot(block, row - first, weights) + weights[bias]!;
    const gradient = target * score - 1 + a * diagonal[row]!;
    if (a === 0) {
      if (gradient > shrinkAbove || target === 0) {
        order[first + s--] = order[first + --active]!;
        order[first + active] = row;
        continue;
      }
      if (gradient >= 0) {
        if (highest < 0) highest = 0;
        if (lowest > 0) lowest = 0;
        continue;
      }
    }
    if (gradient > highest) highest = gradient;
    if (gradient < lowest) lowest = gradient;
    if (Math.abs(gradient) > 1e-12) {
      const next = Math.max(a - gradient / curvature[row]!, 0);
      alpha[row] = next;
      const change = (next - a) * target;
      addRow(block, row - first, change, weights);
      weights[bias]! += change;
    }
  }
  state.active[blockNumber] = active;
  range.highest = highest;
  range.lowest = lowest;
}
