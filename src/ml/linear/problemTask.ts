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
  /** See SvmProblem. */
  rough: boolean;
  /** Where to begin: the solution of a like problem. Rows that this one leaves out are dropped from it. */
  start?: SupportRows | undefined;
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
  /** Where weights are pulled to instead of 0: for each label one per feature and last the bias. */
  priors?: Float32Array | undefined;
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
    const { label, fold, seed, maxPasses, tolerance, rough } = task;
    const prior = priorOf(data, label);
    this.targets = targetsOf(data.labelled, label, fold);
    const key = streamKey(seed, label, fold);
    const start = task.start && without(task.start, this.targets);
    const problem = { targets: this.targets, prior, key, maxPasses, tolerance, rough, start };
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
    const { label, fold } = this.task;
    const support = this.solver.support();
    const losses = [...this.solver.lossHistory];
    if (fold === noFold) return { label, fold, support, losses };
    const { rows, labelled } = this.data;
    // From the dual variables, not from the weights of the last pass: a resumed run gives the same bits.
    const problem = { targets: this.targets, prior: priorOf(this.data, label) };
    const weights = weightsOf(rows, problem, support);
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

function priorOf({ rows, priors }: ProblemRows, label: number): Float64Array | undefined {
  const length = rows.features + 1;
  return priors && Float64Array.from(priors.subarray(label * length, (label + 1) * length));
}

/** The weights of a solved problem: one per feature and last the bias. */
export function solvedWeights(
  data: ProblemRows,
  label: number,
  support: SupportRows,
): Float64Array {
  const targets = targetsOf(data.labelled, label, noFold);
  return weightsOf(data.rows, { targets, prior: priorOf(data, label) }, support);
}
