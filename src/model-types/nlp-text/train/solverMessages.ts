import type { LabelledRows } from '../../../ml/linear/labelledRows';
import type { ProblemResult, ProblemTask } from '../../../ml/linear/problemTask';
import type { SvmRows } from '../../../ml/linear/svmPass';
import type { SolverSnapshot } from '../../../ml/linear/svmSolver';
import type { FeatureSource } from './featureBlocks';

/** What a solver thread is started with; all arrays are shared memory. */
export interface SolverData {
  source: FeatureSource;
  labelled: LabelledRows;
  shared: SvmRows;
  /** See ProblemRows. */
  priors: Float32Array | undefined;
  /** Raised by one when snapshots of the running problems are wanted. */
  requests: Int32Array;
}

/** A problem to solve, perhaps from a snapshot on. */
export interface ToSolver {
  task: ProblemTask;
  snapshot?: SolverSnapshot | undefined;
}

export type FromSolver =
  /** The losses of the passes since the last such message, and how many there were before. */
  | { type: 'passes'; before: number; losses: number[] }
  | { type: 'snapshot'; snapshot: SolverSnapshot }
  | { type: 'done'; result: ProblemResult };
