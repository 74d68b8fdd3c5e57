import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  defineSearchAttributeKey,
} from '@temporalio/common';
import type { Client } from '@temporalio/client';
import type { Config } from '../config';
import { firstRow, rows, type Database, type Queryable } from '../database/database';
import { transition } from '../database/models/status';
import { getModelType } from '../model-types/registry';
import { workflowIdOf } from './workflowIds';

export interface StartableRun {
  run_id: string;
  model_id: string;
  owner_id: string;
  type: string;
  execution: number;
}

/** Every model with its open run. */
export const openRun = `
  SELECT run.id AS run_id, model.id AS model_id, model.owner_id, model.type, run.execution
  FROM model JOIN run ON run.model_id = model.id AND run.ended_at IS NULL`;

const attribute = {
  trainingType: defineSearchAttributeKey('TrainingType', 'KEYWORD'),
  modelId: defineSearchAttributeKey('ModelId', 'KEYWORD'),
  ownerId: defineSearchAttributeKey('OwnerId', 'KEYWORD'),
  trainStatus: defineSearchAttributeKey('TrainStatus', 'KEYWORD'),
};

/** What a workflow and its activities are told of a run. */
export function handleOf(run: StartableRun) {
  return {
    runId: run.run_id,
    modelId: run.model_id,
    ownerId: run.owner_id,
    execution: run.execution,
  };
}

/**
 * Starts the workflow of a run whose row is already there, then moves the row to `starting`.
 * Calling it again is harmless: an execution of a run is started once, ever.
 */
export async function startTraining(
  database: Database,
  temporal: Client,
  run: StartableRun,
  heartbeatMs: number,
): Promise<void> {
  try {
    await temporal.workflow.start(getModelType(run.type).workflow, {
      taskQueue: 'control',
      workflowId: workflowIdOf(run.model_id, run.execution),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      args: [handleOf(run), { heartbeatMs }],
      // Owners take turns.
      priority: { fairnessKey: run.owner_id },
      staticSummary: `${run.type} training`,
      typedSearchAttributes: [
        { key: attribute.trainingType, value: run.type },
        { key: attribute.modelId, value: run.model_id },
        { key: attribute.ownerId, value: run.owner_id },
        { key: attribute.trainStatus, value: 'starting' },
      ],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  await transition(database.manager, run.model_id, 'train', 'starting', 'platform');
}

/** Starts the open run of a model, if there is one that nobody has started. */
export async function startModelTraining(
  deps: { database: Database; temporal: Client; config: Pick<Config, 'worker'> },
  modelId: string,
): Promise<void> {
  const run = await firstRow<StartableRun>(
    deps.database.manager,
    `${openRun} WHERE model.id = $1 AND model.train_status = 'not_started'`,
    [modelId],
  );
  if (run) await startTraining(deps.database, deps.temporal, run, deps.config.worker.heartbeatMs);
}

/**
 * Runs that a crash between row and workflow left behind: nobody has started them for a while. Any hundred
 * of them, so that those that cannot be started keep none waiting.
 */
export async function unstartedRuns(
  db: Queryable,
  olderThanSeconds: number,
): Promise<StartableRun[]> {
  return rows<StartableRun>(
    db,
    `${openRun}
     WHERE model.train_status = 'not_started'
       AND run.created_at < now() - make_interval(secs => $1)
     ORDER BY random() LIMIT 100`,
    [olderThanSeconds],
  );
}
