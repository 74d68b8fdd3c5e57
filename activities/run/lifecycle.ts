import { transition } from '../../src/database/models/status';
import { addMessage } from '../../src/database/models/messages';
import { lockModelOwner } from '../../src/database/models/models';
import { rows, type Queryable } from '../../src/database/database';
import { runById, type RunError } from '../../src/database/runs/runs';
import { storableJson } from '../../src/database/storable';
import type { FailureKind } from '../../src/errors';
import { getModelType } from '../../src/model-types/registry';
import { queuesOf, stagesFor } from '../../src/model-types/stages';
import type { Plan, RunHandle } from '../../workflows/types';
import type { ActivityDependencies } from '../dependencies';
import { cancelledByOwner } from '../attempt/failures';
import { loadRunContext, outputOf } from '../../src/training/runContext';
import { modelMetadata } from './modelMetadata';

/**
 * The workflow is there; the status moves to `in_progress` when a worker begins with a stage.
 * @returns among others whether it is the only training of its owner that has got so far and has not ended
 */
export async function begin(deps: ActivityDependencies, run: RunHandle): Promise<Plan> {
  // Cancelled before anybody had started it.
  const context = await loadRunContext(deps.database, run.runId);
  const type = getModelType(context.model.type);
  if (context.run.cancel_requested) throw cancelledByOwner();
  await deps.database.query(
    'UPDATE run SET started_at = coalesce(started_at, now()) WHERE id = $1',
    [run.runId],
  );
  const others = await rows(
    deps.database.manager,
    `SELECT 1 FROM run JOIN model ON model.id = run.model_id
     WHERE owner_id = $1 AND run.id <> $2 AND started_at IS NOT NULL AND ended_at IS NULL LIMIT 1`,
    [run.ownerId, run.runId],
  );
  return {
    onlyOfOwner: others.length === 0,
    stages: stagesFor(type, context.run.options),
    queues: queuesOf(type),
  };
}

/** The model is there: its bundle, its attributes and its status appear together. */
export async function finish(deps: ActivityDependencies, handle: RunHandle): Promise<void> {
  const context = await loadRunContext(deps.database, handle.runId);
  const { stage, folder } = getModelType(context.model.type).artifact;
  const bundle = { tree: outputOf(context, stage), path: folder };
  const metadata = modelMetadata(context.run, bundle.tree);
  const ended = await endRun(deps, handle, null, async (tx) => {
    await tx.query(
      `UPDATE model SET bundle = $2, attributes = attributes || jsonb_build_object('metadata', $3::text)
       WHERE id = $1`,
      [handle.modelId, JSON.stringify(bundle), JSON.stringify(metadata)],
    );
    await transition(tx, handle.modelId, 'train', 'complete', 'worker');
  });
  if (ended) deps.metrics.runEnded('complete');
}

/** The run ends with a reason that a person can act on. */
export async function fail(
  deps: ActivityDependencies,
  handle: RunHandle,
  failure: { kind: string; message: string },
): Promise<void> {
  const run = await runById(deps.database.manager, handle.runId);
  if (!run) return;
  const error: RunError = run.error ?? {
    kind: failure.kind as FailureKind,
    code: 'failed',
    message: failure.message,
  };
  const text = run.error ? `${error.message} [${error.code}]` : error.message;
  const ended = await endRun(deps, handle, error, async (tx) => {
    const source = `${handle.runId}#${handle.execution}`;
    await addMessage(tx, handle.modelId, 'train', 'error', text, source);
    await transition(tx, handle.modelId, 'train', 'failed', 'worker', text);
  });
  if (ended) deps.metrics.runEnded('failed');
}

/** Somebody cancelled the run. What it has published, and its last checkpoint, stay for a retry. */
export async function stop(deps: ActivityDependencies, handle: RunHandle): Promise<void> {
  const ended = await endRun(deps, handle, null, async (tx) => {
    await transition(tx, handle.modelId, 'train', 'stopped', 'worker', 'cancelled');
  });
  if (ended) deps.metrics.runEnded('stopped');
}

/**
 * Ends a run and says so of its model, in one transaction.
 * @returns false when this execution of the run has ended already: then nothing is written
 */
async function endRun(
  { database }: ActivityDependencies,
  handle: RunHandle,
  error: RunError | null,
  write: (tx: Queryable) => Promise<void>,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    await lockModelOwner(tx, handle.modelId);
    const ended = await rows(
      tx,
      `UPDATE run SET ended_at = now(), error = $3
       WHERE id = $1 AND execution = $2 AND ended_at IS NULL RETURNING id`,
      [handle.runId, handle.execution, error === null ? null : storableJson(error)],
    );
    if (ended.length > 0) await write(tx);
    return ended.length > 0;
  });
}
