import { WorkflowNotFoundError } from '@temporalio/common';
import { rows } from '../../src/database/database';
import { takePeriodicLock } from '../../src/database/settings';
import { TrainyardError } from '../../src/errors';
import { finishAbandonedSaves } from '../../src/serving/saveModel';
import {
  handleOf,
  openRun,
  startTraining,
  unstartedRuns,
  type StartableRun,
} from '../../src/training/startTraining';
import { workflowIdOf } from '../../src/training/workflowIds';
import type { ActivityDependencies } from '../dependencies';
import { fail, stop } from '../run/lifecycle';
import { periodically, type Chore } from './periodic';

const intervalMs = 5_000;
/** One worker has the turn at a time. */
const lockName = 'reconciled';
/** Runs whose workflow is looked at in one turn; the next turn goes on after them. */
const runsATurn = 100;
/** Long enough for the API to have started the workflow itself. */
const unstartedSeconds = 10;
/** The same for a saved model, which the API completes right after it is there. */
const unfinishedSaveSeconds = 10;

/**
 * Repairs what a crash or an operator leaves between the database and Temporal: starts runs whose
 * workflow was never started, ends runs whose workflow was terminated or is gone, and completes models
 * that were saved by an API that died before it had said so. Any number of
 * workers may do so at once; every step is harmless when repeated.
 */
export function startReconciler(deps: ActivityDependencies): Chore {
  let after = '';
  return periodically(
    intervalMs,
    async () => {
      if (!(await takePeriodicLock(deps.database.manager, lockName, intervalMs / 1000 - 1))) return;
      after = await reconcile(deps, after);
    },
    (error) => deps.logger.warn({ err: error }, 'reconciling was put off'),
  );
}

export async function reconcile(deps: ActivityDependencies, after = ''): Promise<string> {
  const { database, temporal, config, logger } = deps;
  for (const run of await unstartedRuns(database, unstartedSeconds)) {
    await attempt(deps, run, async () => {
      logger.info({ modelId: run.model_id }, 'starting a run that nobody had started');
      await startTraining(database, temporal, run, config.worker.heartbeatMs);
    });
  }
  const open = await openRuns(deps, after);
  for (const run of open) await attempt(deps, run, () => endIfClosed(deps, run));
  const saved = await finishAbandonedSaves(database, unfinishedSaveSeconds);
  if (saved > 0) logger.info({ models: saved }, 'completed saved models that nobody had completed');
  return open.length < runsATurn ? '' : open.at(-1)!.run_id;
}

/** What one run refuses (a search attribute, a type without a workflow) must not keep the others waiting. */
async function attempt(
  { logger }: ActivityDependencies,
  run: StartableRun,
  repair: () => Promise<void>,
): Promise<void> {
  await repair().catch((error: unknown) => {
    logger.warn(
      { err: error, modelId: run.model_id },
      'a run could not be repaired, it is next turn',
    );
  });
}

/** Runs under way for some time, after one of them; those whose workflow still runs cost one description each. */
async function openRuns(
  { database }: ActivityDependencies,
  after: string,
): Promise<StartableRun[]> {
  return rows<StartableRun>(
    database,
    `${openRun}
     WHERE model.train_status IN ('starting', 'in_progress')
       AND run.created_at < now() - make_interval(secs => $1)
       AND run.id::text > $2
     ORDER BY run.id::text LIMIT $3`,
    [unstartedSeconds, after, runsATurn],
  );
}

async function endIfClosed(deps: ActivityDependencies, run: StartableRun): Promise<void> {
  const closed = await closedBecause(deps, run);
  if (closed === undefined) return;
  const handle = handleOf(run);
  deps.logger.warn({ modelId: run.model_id, closed }, 'the workflow is closed, its run was open');
  if (closed === 'CANCELLED') return stop(deps, handle);
  const error = new TrainyardError(
    'infrastructure',
    'workflow_closed',
    `the training's workflow ended as ${closed.toLowerCase()} in Temporal before the training did: ` +
      'POST …/retry goes on from what is there',
  );
  await fail(deps, handle, { kind: error.kind, message: error.text });
}

async function closedBecause(
  { temporal }: ActivityDependencies,
  run: StartableRun,
): Promise<string | undefined> {
  try {
    const id = workflowIdOf(run.model_id, run.execution);
    const { status } = await temporal.workflow.getHandle(id).describe();
    return status.name === 'RUNNING' ? undefined : status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'NOT_FOUND';
    throw error;
  }
}
