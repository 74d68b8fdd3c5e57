import { parentPort, workerData } from 'node:worker_threads';
import { RunningProblem, type ProblemRows } from '../../ml/linear/problemTask';
import { openFeatureBlocks } from './featureBlocks';
import type { FromSolver, SolverData, ToSolver } from './solverMessages';

/** A thread that solves one problem after another; see SolverPool. */
function serve(data: SolverData): void {
  const { source, labelled, shared, priors } = data;
  const problemRows: ProblemRows = { rows: openFeatureBlocks(source), labelled, shared, priors };
  parentPort!.on('message', (message: ToSolver) => {
    solve(problemRows, message, data.requests);
  });
}

function solve(rows: ProblemRows, { task, snapshot }: ToSolver, requests: Int32Array): void {
  let answered = Atomics.load(requests, 0);
  const running = new RunningProblem(rows, task, snapshot);
  let passes = running.losses.length;
  for (;;) {
    const result = running.advance();
    if (running.losses.length > passes) {
      post({ type: 'pass', pass: ++passes, loss: running.losses.at(-1)! });
    }
    if (result) return post({ type: 'done', result });
    const asked = Atomics.load(requests, 0);
    if (asked !== answered) {
      answered = asked;
      post({ type: 'snapshot', snapshot: running.snapshot() });
    }
  }
}

function post(message: FromSolver): void {
  parentPort!.postMessage(message);
}

serve(workerData as SolverData);
