import type { Worker } from 'node:worker_threads';
import type { SolverData } from './solverMessages';
import { startThread } from './startThread';

/** Starts a solver thread. */
export function startSolver(data: SolverData): Worker {
  return startThread(__dirname, 'solverThread', data);
}
