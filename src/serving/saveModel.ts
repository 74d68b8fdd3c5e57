import { randomUUID } from 'node:crypto';
import type { ArtifactStore } from '../artifacts/artifactStore';
import { rows, type Database, type Queryable } from '../database/database';
import {
  insertModel,
  modelContent,
  refuseTakenName,
  type ModelAccess,
} from '../database/models/models';
import { transition } from '../database/models/status';
import type { User } from '../database/accounts/users';
import { TrainyardError } from '../errors';
import { copyBundle } from './copyBundle';

/** With the id of the original: the reason of a saved model's first status. */
const savedFrom = 'saved from ';

/** A copy of a trained model, as the caller's own private model. */
export interface SaveRequest {
  user: User;
  model: ModelAccess;
  name: string;
}

/**
 * Saves a trained model under a new name: its files are copied, so that it stays whatever becomes of
 * the old one. Its training is `in_progress` until `finishSaving`, or the reconciler of a worker, completes it.
 * @returns the new model's id
 * @throws TrainyardError 422 `not_trained`, 409 `duplicate_model_name`
 */
export async function saveModel(
  database: Database,
  store: ArtifactStore,
  request: SaveRequest,
): Promise<string> {
  const { user, model, name } = request;
  const { bundle } = await modelContent(database.manager, model.id);
  if (model.train_status !== 'complete' || !bundle) throw notTrained(model);
  await refuseTakenName(database.manager, user.id, name);
  const id = randomUUID();
  const prefix = `models/${id}/`;
  try {
    const copy = await copyBundle(store, bundle, prefix);
    await database.transaction(async (tx) => {
      await insertCopy(tx, id, request);
      await tx.query('UPDATE model SET bundle = $2 WHERE id = $1', [id, JSON.stringify(copy)]);
      await transition(tx, id, 'train', 'in_progress', user.id, `${savedFrom}${model.id}`);
    });
  } catch (error) {
    await store.deletePrefix(prefix);
    throw error;
  }
  return id;
}

/** Completes a saved model, unless its status was reported from outside meanwhile. */
export async function finishSaving(database: Database, modelId: string): Promise<void> {
  await database.transaction((tx) => transition(tx, modelId, 'train', 'complete', 'platform'));
}

/**
 * Completes models whose API ended between saving and completing them. Nothing else is mistaken for
 * one: of a model whose status was reported from outside, saving is not the last that is known.
 * @param abandonedSeconds after which nobody else will
 * @returns how many there were
 */
export async function finishAbandonedSaves(
  database: Database,
  abandonedSeconds: number,
): Promise<number> {
  const abandoned = await rows<{ id: string }>(
    database.manager,
    `SELECT model.id FROM model CROSS JOIN LATERAL (
       SELECT data, at FROM event WHERE model_id = model.id AND type = 'train_status'
       ORDER BY seq DESC LIMIT 1) latest
     WHERE model.train_status = 'in_progress' AND model.bundle IS NOT NULL
       AND starts_with(latest.data ->> 'reason', $2)
       AND latest.at < now() - make_interval(secs => $1) LIMIT 200`,
    [abandonedSeconds, savedFrom],
  );
  for (const { id } of abandoned) await finishSaving(database, id);
  return abandoned.length;
}

/** The model and its finished run, whose options a training with this model as its base takes over. */
async function insertCopy(tx: Queryable, id: string, { user, model, name }: SaveRequest) {
  const { attributes } = await modelContent(tx, model.id);
  await insertModel(tx, {
    id,
    name,
    type: model.type,
    owner_id: user.id,
    base_model_id: model.id,
    attributes,
  });
  await tx.query(
    `INSERT INTO run (id, model_id, options, data, job, started_at, ended_at)
     SELECT $1, $2, options, data, job, now(), now() FROM run
     WHERE model_id = $3 ORDER BY created_at DESC LIMIT 1`,
    [randomUUID(), id, model.id],
  );
}

function notTrained({ id, train_status }: ModelAccess): TrainyardError {
  return new TrainyardError(
    'config',
    'not_trained',
    `model ${id} cannot be saved: its training must be complete, it is ${train_status}`,
  );
}
