import { setTimeout as delay } from 'node:timers/promises';
import type { Checkpoints } from '../../../stage/checkpoints';
import type { StageContext } from '../../../stage/stageContext';
import { counted } from '../../../support/words';
import { noFold } from '../../../ml/linear/labelledRows';
import type { ProblemResult, ProblemTask } from '../../../ml/linear/problemTask';
import { SolverPool } from './solverPool';
import { LossHistory } from './lossHistory';
import type { TrainRows } from './trainRows';
import { untilAborted } from '../../../stage/untilAborted';
import type { TrainState } from './trainState';

/** Which of a training's two parts: on the train part, or again on all rows. */
export type Phase = 'fit' | 'refit';

/**
 * Solves the tasks of one phase on `context.cores` threads and adds their results to `state[phase]`,
 * saving checkpoints on the way. Tasks that `state` already has results of are not run again.
 */
export async function runPhase(
  context: StageContext,
  checkpoints: Checkpoints<TrainState>,
  state: TrainState,
  phase: Phase,
  rows: TrainRows,
  tasks: ProblemTask[],
): Promise<void> {
  const results = state[phase];
  const left = tasks
    .filter((task) => !results.some((result) => sameProblem(result, task)))
    .map((task) => ({
      task,
      snapshot: state.unfinished.find((problem) => sameProblem(problem, task))?.snapshot,
    }));
  const full = tasks.filter((task) => task.fold === noFold);
  const history = new LossHistory(full.length, (pass, loss) => {
    if (phase === 'fit') context.metric('train_loss', pass, loss);
  });
  for (const result of results) if (result.fold === noFold) history.finish(result);
  for (const { task, snapshot } of left) {
    if (snapshot && task.fold === noFold) history.add(task.label, 0, snapshot.losses);
  }
  const threads = Math.max(1, Math.min(context.cores, left.length));
  const pool = new SolverPool(threads, rows.data, {
    onPasses(task, before, losses) {
      if (task.fold === noFold) history.add(task.label, before, losses);
      report(context, tasks, results.length, losses.at(-1)!);
    },
    onResult(result) {
      results.push(result);
      if (result.fold === noFold) history.finish(result);
      report(context, tasks, results.length, result.losses.at(-1) ?? 0);
    },
  });
  const stop = new AbortController();
  const save = async (): Promise<void> => {
    state.unfinished = await pool.snapshots();
    await checkpoints.save(state);
  };
  try {
    const solving = pool.run(left).finally(() => stop.abort());
    const saving = saveNowAndThen(checkpoints, save, stop.signal);
    await untilAborted(context.signal, Promise.all([solving, saving]));
  } finally {
    stop.abort();
    await pool.close();
  }
  state.unfinished = [];
  results.sort((a, b) => a.label - b.label || a.fold - b.fold);
}

function sameProblem(a: Pick<ProblemTask, 'label' | 'fold'>, b: typeof a): boolean {
  return a.label === b.label && a.fold === b.fold;
}

function report(context: StageContext, tasks: ProblemTask[], finished: number, loss: number): void {
  const [done, total] = [Math.min(finished, tasks.length), tasks.length];
  const detail = `${done} of ${counted(total, 'label classifier', 'label classifiers')} trained, loss ${loss.toFixed(4)}`;
  context.progress({ done, total, unit: 'steps', detail });
}

async function saveNowAndThen(
  checkpoints: Checkpoints<TrainState>,
  save: () => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    await delay(checkpoints.interval, undefined, { signal: stop }).catch(() => undefined);
    if (!stop.aborted) await save();
  }
}

/** The results on all rows, by label. */
export function fullResults(results: ProblemResult[]): Map<number, ProblemResult> {
  return new Map(results.filter((r) => r.fold === noFold).map((r) => [r.label, r]));
}
