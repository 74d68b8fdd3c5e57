import { shuffle, streamKey } from '../random/counterRandom';
import { addRow, rowDot, type RowBlocks } from './rowBlock';
import { svmPass, type SvmRows, type SvmState } from './svmPass';

/** The rows whose dual variable is not 0, ascending: all that is needed to make the weights again. */
export interface SupportRows {
  rows: Int32Array;
  alpha: Float64Array;
}

/** One two-class problem. */
export interface SvmProblem {
  /** +1 or −1 per row, 0 for a row that is left out. */
  targets: Int8Array;
  /** Where the weights are pulled to instead of 0: one per feature and last the bias. */
  prior?: Float64Array | undefined;
  /** Key of the random order; see `streamKey`. */
  key: number;
  /** Passes over the rows at most. */
  maxPasses: number;
  /** Ends when the projected gradient's range over all rows is below; 0: only `maxPasses` ends it. */
  tolerance: number;
  /** Also ends when only the rows that were still looked at are solved: a little less exact. @default false */
  rough?: boolean | undefined;
  /** Where to begin. @default all 0 */
  start?: SupportRows | undefined;
}

/** What an interrupted solver needs to go on to the same bytes. */
export interface SolverSnapshot extends SvmState {
  pass: number;
  visited: number;
  whole: boolean;
  losses: number[];
}

/** A label is rare when it has less than one of so many rows. */
const rareShare = 8;

/** Rows whose gradient is below this part of the tolerance are not moved: it would change nothing. */
const calmShare = 0.2;

/**
 * A two-class L2-loss support vector machine in its dual form (Hsieh, Chang, Lin, Keerthi and
 * Sundararajan 2008, "A Dual Coordinate Descent Method for Large-scale Linear SVM"):
 * min over α ≥ 0 of ½ ‖w − w₀‖² + Σ αᵢ²/(4 Cᵢ) − Σ αᵢ(1 − yᵢ w₀·xᵢ), with w = w₀ + Σ αᵢ yᵢ xᵢ. Each
 * row has one more feature of value 1, whose weight is the bias. Rows that do not fit in memory
 * come block by block (Yu, Hsieh, Chang and Lin 2010, "Large Linear Classification When Data Cannot
 * Fit In Memory"); blocks and rows are visited in a random order that is new in each pass.
 *
 * After the first pass every row that is best left at αᵢ = 0 leaves until the others are solved, and
 * the end is only accepted over all rows. LIBLINEAR lets go of those alone that are far from the
 * margin; of a label that one row in a thousand has, nearly all others are close to it and stay at 0.
 */
export class SvmSolver {
  private state: SvmState;
  private pass = 0;
  private visited = 0;
  /** All rows are active at the start of this pass: only such a pass may end it. */
  private whole: boolean;
  private blockOrder: Int32Array;
  /** Mean loss C·max(0, 1 − y w·x)² of a row over each pass so far; of a sampled pass, over its rows. */
  private losses: number[] = [];
  private readonly included: Int32Array;
  private readonly rowCount: number;

  constructor(
    private readonly rows: RowBlocks,
    private readonly shared: SvmRows,
    private readonly problem: SvmProblem,
  ) {
    const { order, included } = includedRows(rows, problem.targets);
    this.included = included;
    this.rowCount = sum(included);
    const sampled = problem.tolerance > 0 && !problem.start ? this.sampleFirst(order) : undefined;
    this.whole = sampled === undefined;
    const alpha = new Float64Array(rows.rows);
    const start = problem.start;
    start?.rows.forEach((row, i) => (alpha[row] = start.alpha[i]!));
    this.state = {
      weights: weightsOf(rows, problem, start),
      alpha,
      order,
      active: sampled ?? included.slice(),
      leaving: false,
      highest: -Infinity,
      lowest: Infinity,
      loss: 0,
    };
    this.blockOrder = this.shuffledBlocks();
  }

  get passes(): number {
    return this.pass;
  }

  get lossHistory(): readonly number[] {
    return this.losses;
  }

  /** Visits the next block; true when the problem is solved. */
  advance(): boolean {
    if (this.pass >= this.problem.maxPasses || this.rowCount === 0) return true;
    const { state, rows } = this;
    const { targets, tolerance } = this.problem;
    const block = this.blockOrder[this.visited]!;
    const first = rows.firstRows[block]!;
    const active = state.active[block]!;
    if (active > 0) {
      const key = streamKey(this.problem.key, this.pass, block);
      shuffle(state.order.subarray(first, first + active), active, key);
      const calm = Math.max(tolerance * calmShare, 1e-12);
      svmPass(rows.load(block), first, block, targets, this.shared, state, calm);
    }
    this.visited++;
    return this.visited === this.blockOrder.length && this.endPass();
  }

  snapshot(): SolverSnapshot {
    const { weights, alpha, order, active, ...bounds } = this.state;
    return {
      weights: weights.slice(),
      alpha: alpha.slice(),
      order: order.slice(),
      active: active.slice(),
      ...bounds,
      pass: this.pass,
      visited: this.visited,
      whole: this.whole,
      losses: this.losses.slice(),
    };
  }

  /** Takes up a snapshot of a solver that was made with the same arguments. */
  restore(snapshot: SolverSnapshot): void {
    const { pass, visited, whole, losses, ...state } = snapshot;
    this.state = state;
    this.pass = pass;
    this.visited = visited;
    this.whole = whole;
    this.losses = losses;
    this.blockOrder = this.shuffledBlocks();
  }

  support(): SupportRows {
    const { alpha } = this.state;
    const rows: number[] = [];
    for (let row = 0; row < alpha.length; row++) if (alpha[row]! > 0) rows.push(row);
    return { rows: Int32Array.from(rows), alpha: Float64Array.from(rows, (row) => alpha[row]!) };
  }

  /**
   * Where few rows have the label, the first pass looks at those and a quarter of the others: with
   * weights of 0 every row would move, most of them only to come back. Orders the rows so; returns how
   * many of each block to look at, or undefined for all.
   */
  private sampleFirst(order: Int32Array): Int32Array | undefined {
    const { targets, key } = this.problem;
    const { firstRows } = this.rows;
    let positive = 0;
    for (const target of targets) if (target > 0) positive++;
    if (positive * rareShare > this.rowCount) return undefined;
    return this.included.map((count, block) => {
      const rows = order.subarray(firstRows[block], firstRows[block]! + count);
      const own = rows.filter((row) => targets[row]! > 0);
      const others = rows.filter((row) => targets[row]! < 0);
      shuffle(others, others.length, streamKey(key, -2, block));
      rows.set(own);
      rows.set(others, own.length);
      return own.length + Math.ceil(others.length / 4);
    });
  }

  private endPass(): boolean {
    const { state, problem } = this;
    const sampled = this.pass === 0 && !this.whole;
    this.losses.push(state.loss / (sampled ? sum(state.active) : this.rowCount));
    const calm = !(state.highest - state.lowest > problem.tolerance);
    const solved = calm && !sampled && (this.whole || problem.rough === true);
    if (problem.tolerance > 0) {
      this.whole = calm || sampled;
      if (this.whole) state.active.set(this.included);
      state.leaving = true;
    }
    state.highest = -Infinity;
    state.lowest = Infinity;
    state.loss = 0;
    this.pass++;
    this.visited = 0;
    this.blockOrder = this.shuffledBlocks();
    return (solved && problem.tolerance > 0) || this.pass >= problem.maxPasses;
  }

  private shuffledBlocks(): Int32Array {
    const blocks = Int32Array.from({ length: this.rows.firstRows.length - 1 }, (_, i) => i);
    shuffle(blocks, blocks.length, streamKey(this.problem.key, this.pass, -1));
    return blocks;
  }
}

function sum(counts: Int32Array): number {
  return counts.reduce((a, b) => a + b, 0);
}

function includedRows(
  { firstRows, rows }: RowBlocks,
  targets: Int8Array,
): { order: Int32Array; included: Int32Array } {
  const order = new Int32Array(rows);
  const included = new Int32Array(firstRows.length - 1);
  for (let block = 0; block < included.length; block++) {
    const first = firstRows[block]!;
    let count = 0;
    for (let row = first; row < firstRows[block + 1]!; row++) {
      if (targets[row] !== 0) order[first + count++] = row;
    }
    included[block] = count;
  }
  return { order, included };
}

/** w₀ + Σ αᵢ yᵢ xᵢ, added up in the order of the rows. */
export function weightsOf(
  rows: RowBlocks,
  { targets, prior }: Pick<SvmProblem, 'targets' | 'prior'>,
  support: SupportRows | undefined,
): Float64Array {
  const weights = prior ? prior.slice() : new Float64Array(rows.features + 1);
  if (!support) return weights;
  const { firstRows } = rows;
  let at = 0;
  for (let block = 0; block + 1 < firstRows.length; block++) {
    const end = firstRows[block + 1]!;
    if (at === support.rows.length || support.rows[at]! >= end) continue;
    const loaded = rows.load(block);
    for (; at < support.rows.length && support.rows[at]! < end; at++) {
      const row = support.rows[at]!;
      const change = support.alpha[at]! * targets[row]!;
      addRow(loaded, row - firstRows[block]!, change, weights);
      weights[rows.features]! += change;
    }
  }
  return weights;
}

/** w·x of the rows asked for, which must ascend. */
export function scoresOf(rows: RowBlocks, weights: Float64Array, wanted: Int32Array): Float32Array {
  const scores = new Float32Array(wanted.length);
  const { firstRows } = rows;
  let at = 0;
  for (let block = 0; block + 1 < firstRows.length; block++) {
    const end = firstRows[block + 1]!;
    if (at === wanted.length || wanted[at]! >= end) continue;
    const loaded = rows.load(block);
    for (; at < wanted.length && wanted[at]! < end; at++) {
      const row = wanted[at]! - firstRows[block]!;
      scores[at] = rowDot(loaded, row, weights) + weights[rows.features]!;
    }
  }
  return scores;
}
