import { streamKey } from '../random/counterRandom';
import { heldOut, noFold, targetsOf, type LabelledRows } from './labelledRows';
import type { RowBlocks } from './rowBlock';
import type { SvmRows } from './svmPass';
import { scoresOf, SvmSolver, weightsOf, type SolverSnapshot, type SupportRows } from './svmSolver';

/** One label against all others, on all rows or on those outside a fold. */
export interface ProblemTask {
  label: number;
  fold: number;
  seed: number;
  maxPasses: number;
  tolerance: number;
  /** Where to begin: the solution of a like problem. Rows that this one leaves out are dropped from it. */
  start?: SupportRows | undefined;
  prior?: Float64Array | undefined;
}

export interface ProblemResult {
  label: number;
  fold: number;
  /** Of a problem on all rows. */
  support?: SupportRows;
  /** Scores of the rows that the fold left out. */
  scores?: Float32Array;
  /** Mean loss of each pass. */
  losses: number[];
}

/** The rows, their labels and what all problems on them share. */
export interface ProblemRows {
  rows: RowBlocks;
  labelled: LabelledRows;
  shared: SvmRows;
}

/** A problem on its way: `advance` until it returns the result. */
export class RunningProblem {
  private readonly solver: SvmSolver;
  private readonly targets: Int8Array;

  constructor(
    private readonly data: ProblemRows,
    readonly task: ProblemTask,
    snapshot?: SolverSnapshot,
  ) {
    const { label, fold, seed, maxPasses, tolerance, prior } = task;
    this.targets = targetsOf(data.labelled, label, fold);
    const key = streamKey(seed, label, fold);
    const start = task.start && without(task.start, this.targets);
    const problem = { targets: this.targets, prior, key, maxPasses, tolerance, start };
    this.solver = new SvmSolver(data.rows, data.shared, problem);
    if (snapshot) this.solver.restore(snapshot);
  }

  get losses(): readonly number[] {
    return this.solver.lossHistory;
  }

  /** Visits one block of rows. */
  advance(): ProblemResult | undefined {
    return this.solver.advance() ? this.result() : undefined;
  }

  snapshot(): SolverSnapshot {
    return this.solver.snapshot();
  }

  private result(): ProblemResult {
    const { label, fold, prior } = this.task;
    const support = this.solver.support();
    const losses = [...this.solver.lossHistory];
    if (fold === noFold) return { label, fold, support, losses };
    const { rows, labelled } = this.data;
    // From the dual variables, not from the weights of the last pass: a resumed run gives the same bits.
    const weights = weightsOf(rows, { targets: this.targets, prior }, support);
    return { label, fold, scores: scoresOf(rows, weights, heldOut(labelled, fold)), losses };
  }
}

function without({ rows, alpha }: SupportRows, targets: Int8Array): SupportRows {
  const kept = rows.map((_, i) => i).filter((i) => targets[rows[i]!] !== 0);
  return {
    rows: Int32Array.from(kept, (i) => rows[i]!),
    alpha: Float64Array.from(kept, (i) => alpha[i]!),
  };
}

/** The weights of a solved problem: one per feature and last the bias. */
export function solvedWeights(
  { rows, labelled }: ProblemRows,
  label: number,
  support: SupportRows,
  prior?: Float64Array,
): Float64Array {
  return weightsOf(rows, { targets: targetsOf(labelled, label, noFold), prior }, support);
}
