import { randomUUID } from 'node:crypto';
import { authorizeModel } from '../auth/policies';
import { firstRow, type Queryable } from '../database/database';
import { addMessage } from '../database/models/messages';
import { insertModel, refuseTakenName } from '../database/models/models';
import {
  insertRun,
  runOfModel,
  type JobOptions,
  type RunData,
  type RunSource,
} from '../database/runs/runs';
import { referToUploads } from '../database/uploads/uploads';
import type { User } from '../database/accounts/users';
import { databaseErrorCode, foreignKeyBroken } from '../database/constraints';
import { pinEncoder } from '../database/models/encoders';
import { TrainyardError } from '../errors';
import { getModelType } from '../model-types/registry';

/** A checked request, ready to become a model and a run. */
export interface NewTraining {
  name: string;
  type: string;
  baseModelId: string | null;
  options: object;
  data: RunData;
  job: JobOptions;
  warnings: string[];
}

/**
 * Writes model, run and warnings in the caller's transaction; both statuses are `not_started`.
 * @throws TrainyardError 409 duplicate name; 404, 422, 403 for the base model
 */
export async function createTraining(
  tx: Queryable,
  user: User,
  training: NewTraining,
): Promise<string> {
  const type = getModelType(training.type);
  await refuseTakenName(tx, user.id, training.name);
  const base = await checkedBase(tx, user, training);
  const options = { ...training.options, ...base?.options };
  const modelId = randomUUID();
  await insertModel(tx, {
    id: modelId,
    name: training.name,
    type: training.type,
    owner_id: user.id,
    base_model_id: training.baseModelId,
    attributes: base?.attributes ?? {},
  });
  const runId = randomUUID();
  await insertRun(tx, {
    id: runId,
    model_id: modelId,
    options,
    data: { ...training.data, base_model_id: training.baseModelId },
    job: training.job,
  });
  await keepEncoder(tx, runId, type.encoderOf?.(options) ?? null);
  await keepUploads(tx, runId, training.data.sources);
  for (const warning of training.warnings) {
    await addMessage(tx, modelId, 'train', 'warning', warning, 'request');
  }
  return modelId;
}

/** From here on the uploads stay until the run has ended. */
async function keepUploads(
  tx: Queryable,
  runId: string,
  sources: readonly RunSource[],
): Promise<void> {
  const uploads = sources.filter(({ location }) => location === 'upload').map(({ path }) => path);
  try {
    await referToUploads(tx, runId, uploads);
  } catch (error) {
    if (databaseErrorCode(error) !== foreignKeyBroken) throw error;
    throw new TrainyardError(
      'config',
      'invalid_uploads',
      'invalid uploads specified: one of them was deleted a moment ago and does not exist any more',
      404,
    );
  }
}

/** From here on the encoder's files stay for as long as the run does. */
async function keepEncoder(
  tx: Queryable,
  runId: string,
  encoder: { name: string; hash: string } | null,
): Promise<void> {
  if (!encoder) return;
  try {
    await pinEncoder(tx, runId, encoder.hash);
  } catch (error) {
    if (databaseErrorCode(error) !== foreignKeyBroken) throw error;
    throw new TrainyardError(
      'config',
      'encoder_removed',
      `encoder "${encoder.name}" was removed a moment ago: choose another one`,
    );
  }
}

/** What a new training takes over from its base model. */
interface Base {
  attributes: Record<string, string>;
  options: object;
}

async function checkedBase(
  tx: Queryable,
  user: User,
  { baseModelId, type }: NewTraining,
): Promise<Base | undefined> {
  if (baseModelId === null) return undefined;
  const base = await firstRow<{
    type: string;
    train_status: string;
    attributes: Record<string, string>;
  }>(tx, 'SELECT type, train_status, attributes FROM model WHERE id = $1 FOR SHARE', [baseModelId]);
  if (!base) {
    throw new TrainyardError(
      'config',
      'base_model_missing',
      `base model ${baseModelId} does not exist`,
      404,
    );
  }
  if (base.type !== type) {
    throw new TrainyardError(
      'config',
      'base_model_type',
      `base model has type ${base.type}, this training needs a base of type ${type}`,
    );
  }
  await authorizeModel(tx, user, baseModelId, 'read');
  if (base.train_status !== 'complete') {
    throw new TrainyardError(
      'config',
      'base_model_incomplete',
      `base model training is ${base.train_status}, it must be completed before use as base model`,
    );
  }
  const options = getModelType(type).inherit((await runOfModel(tx, baseModelId))?.options ?? {});
  // `metadata` describes the base itself: its size, its training time.
  const attributes = { ...base.attributes };
  delete attributes['metadata'];
  return { attributes, options };
}
