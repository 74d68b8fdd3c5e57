import { parentPort, workerData } from 'node:worker_threads';
import { RunningProblem, type ProblemRows } from '../../../ml/linear/problemTask';
import { openFeatureBlocks } from './featureBlocks';
import type { FromSolver, SolverData, ToSolver } from './solverMessages';

/** Milliseconds between two reports of a problem: small problems end before their first. */
const tellEvery = 100;

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
  let told = performance.now();
  for (;;) {
    const result = running.advance();
    if (running.losses.length > passes && performance.now() - told > tellEvery) {
      post({ type: 'passes', before: passes, losses: running.losses.slice(passes) });
      passes = running.losses.length;
      told = performance.now();
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
