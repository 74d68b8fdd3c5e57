import { modelNotFound } from '../../../src/auth/policies';
import type { Queryable } from '../../../src/database/database';
import { endDeployment } from '../../../src/database/models/deployments';
import {
  deleteModelRow,
  lockModel,
  runsOf,
  unfinishedOn,
} from '../../../src/database/models/models';
import type { RunRow } from '../../../src/database/runs/runs';
import { TrainyardError } from '../../../src/errors';

/** What a deleted model leaves to be cleared away. */
export interface Leftovers {
  runs: Pick<RunRow, 'id' | 'model_id' | 'execution'>[];
  /** Prefixes of objects that nobody owns any more. */
  prefixes: string[];
}

/**
 * Deletes a model's rows and takes it out of service.
 * @param tx a transaction
 * @param actor who wants it, for the history of the deployment
 * @throws TrainyardError 404; 422 when an unfinished model has it as its base
 */
export async function deleteModel(
  tx: Queryable,
  modelId: string,
  actor: string,
): Promise<Leftovers> {
  if (!(await lockModel(tx, modelId))) throw modelNotFound(modelId);
  const unfinished = await unfinishedOn(tx, modelId);
  if (unfinished > 0) throw inUse(modelId, unfinished);
  const runs = await runsOf(tx, modelId);
  await endDeployment(tx, modelId, actor);
  await deleteModelRow(tx, modelId);
  return { runs, prefixes: [...runs.map(({ id }) => `runs/${id}/`), `models/${modelId}/`] };
}

function inUse(modelId: string, unfinished: number): TrainyardError {
  const models = unfinished === 1 ? '1 unfinished model' : `${unfinished} unfinished models`;
  return new TrainyardError(
    'config',
    'model_in_use',
    `cannot delete model ${modelId}: it is used as a base by ${models}; delete or stop those first, or wait until their trainings are over`,
  );
}
