import type { Worker } from 'node:worker_threads';
import { startThread } from '../../startThread';
import type { SolverData } from './solverMessages';

/** Starts a solver thread. */
export function startSolver(data: SolverData): Worker {
  return startThread(__dirname, 'solverThread', { workerData: data });
}
