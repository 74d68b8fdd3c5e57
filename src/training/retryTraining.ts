import type { Queryable } from '../database/database';
import { firstRow } from '../database/database';
import { reopenRun, runOfModel } from '../database/runs/runs';
import { stagesOf } from '../database/runs/stages';
import { summarizeStages, type StageSummary } from '../database/runs/stageSummaries';
import { transition, type Status } from '../database/models/status';
import { TrainyardError } from '../errors';
import { getModelType } from '../model-types/registry';
import { stagesFor } from '../model-types/stages';
import { baseModelGone } from './baseModelGone';

/** What a retry keeps of each stage. */
export interface StageReuse {
  stage: string;
  reuse: 'all' | 'from checkpoint' | 'none';
  checkpoint_step: number | null;
}

/** Reopens a failed or stopped run in the caller's transaction; its workflow is started afterwards. */
export async function retryTraining(
  tx: Queryable,
  modelId: string,
): Promise<{ stages: StageReuse[] }> {
  const model = await firstRow<{
    type: string;
    train_status: Status;
    base_model_id: string | null;
  }>(tx, 'SELECT type, train_status, base_model_id FROM model WHERE id = $1 FOR UPDATE', [modelId]);
  const run = await runOfModel(tx, modelId);
  if (run?.data.base_model_id && model?.base_model_id === null) throw baseModelGone();
  const reopened =
    run !== undefined &&
    run.ended_at !== null &&
    (await transition(tx, modelId, 'train', 'not_started', 'retry'));
  if (!reopened) {
    throw new TrainyardError(
      'config',
      'not_retryable',
      `the training is ${model?.train_status ?? 'gone'}: only one that failed or was stopped can be retried`,
    );
  }
  await reopenRun(tx, run.id);
  const begun = summarizeStages(await stagesOf(tx, run.id));
  const ahead = stagesFor(getModelType(model!.type), run.options).filter(
    (stage) => !begun.some((row) => row.stage === stage),
  );
  return {
    stages: [...begun.map(reuseOf), ...ahead.map((stage) => reuseNothing(stage))],
  };
}

/** Shards that have published are steps that need not be made again. */
function reuseOf({ stage, state, checkpoint_step, shards }: StageSummary): StageReuse {
  if (state === 'published' && !shards) return { stage, reuse: 'all', checkpoint_step };
  const step = shards ? shards.published || null : checkpoint_step;
  return { stage, reuse: step === null ? 'none' : 'from checkpoint', checkpoint_step: step };
}

function reuseNothing(stage: string): StageReuse {
  return { stage, reuse: 'none', checkpoint_step: null };
}
