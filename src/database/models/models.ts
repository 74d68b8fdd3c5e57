import { TrainyardError } from '../../errors';
import { violatedConstraint } from '../constraints';
import { firstRow, rows, type Queryable } from '../database';
import type { BundleRef } from './deployments';
import type { RunRow } from '../runs/runs';
import type { Status } from './status';
import type { TeamRole } from '../accounts/teams';

export const accesses = ['private', 'protected', 'public'] as const;
export type Access = (typeof accesses)[number];

export const defaultPermissions = ['read', 'write'] as const;
export type DefaultPermission = (typeof defaultPermissions)[number];

/** What is looked at before anything is done with a model. */
export interface ModelAccess {
  id: string;
  name: string;
  type: string;
  owner_id: string;
  access: Access;
  default_permission: DefaultPermission;
  team_id: string | null;
  /** The asking user's part in the model's team. */
  team_role: TeamRole | null;
  train_status: Status;
  deploy_status: Status;
}

export interface NewModel {
  id: string;
  name: string;
  type: string;
  owner_id: string;
  base_model_id: string | null;
  /** Strings to strings. */
  attributes: Record<string, string>;
}

/** The unique rule on a model's name, as the database names it. */
const modelNamePerOwner = 'model_name_per_owner';

/**
 * Adds a private model with both statuses `not_started`.
 * @throws TrainyardError 409 `duplicate_model_name`
 */
export async function insertModel(db: Queryable, model: NewModel): Promise<void> {
  const { id, name, type, owner_id, base_model_id, attributes } = model;
  try {
    await db.query(
      `INSERT INTO model (id, name, type, owner_id, base_model_id, attributes)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [id, name, type, owner_id, base_model_id, JSON.stringify(attributes)],
    );
  } catch (error) {
    if (violatedConstraint(error) === modelNamePerOwner) throw duplicateModelName(name);
    throw error;
  }
}

/**
 * Says so before anything else is done for a model that could not be added.
 * @throws TrainyardError 409 `duplicate_model_name`
 */
export async function refuseTakenName(db: Queryable, ownerId: string, name: string): Promise<void> {
  const sql = 'SELECT 1 FROM model WHERE owner_id = $1 AND name = $2';
  if (await firstRow(db, sql, [ownerId, name])) throw duplicateModelName(name);
}

function duplicateModelName(name: string): TrainyardError {
  return new TrainyardError(
    'config',
    'duplicate_model_name',
    `a model with name ${name} already exists for this user: choose another name or delete that model`,
    409,
  );
}

/**
 * Locks a model until the transaction ends; the first statement of every transaction that changes a model
 * and something of its run, so that two of them never wait for each other.
 * @returns its owner; undefined when the model is gone
 */
export async function lockModelOwner(tx: Queryable, modelId: string): Promise<string | undefined> {
  const row = await firstRow<{ owner_id: string }>(
    tx,
    'SELECT owner_id FROM model WHERE id = $1 FOR NO KEY UPDATE',
    [modelId],
  );
  return row?.owner_id;
}

export async function modelAccess(
  db: Queryable,
  modelId: string,
  userId: string,
): Promise<ModelAccess | undefined> {
  return firstRow<ModelAccess>(
    db,
    `SELECT m.id, m.name, m.type, m.owner_id, m.access, m.default_permission, m.team_id,
       CASE WHEN tm.is_team_admin THEN 'admin' WHEN tm.user_id IS NOT NULL THEN 'member' END
         AS team_role,
       m.train_status, m.deploy_status
     FROM model m
     LEFT JOIN team_member tm ON tm.team_id = m.team_id AND tm.user_id = $2
     WHERE m.id = $1`,
    [modelId, userId],
  );
}

/**
 * Gives all models of one user to another. A name that the new owner has already gets the model's id
 * behind it.
 */
export async function transferModels(tx: Queryable, from: string, to: string): Promise<void> {
  await tx.query(
    `UPDATE model SET owner_id = $2, name = CASE
       WHEN EXISTS (SELECT 1 FROM model other WHERE other.owner_id = $2 AND other.name = model.name)
       THEN left(name, 63) || '-' || id ELSE name END
     WHERE owner_id = $1`,
    [from, to],
  );
}

/** Sets who may see a model; `teamId` with `protected` only. */
export async function setAccess(
  db: Queryable,
  modelId: string,
  access: Access,
  teamId: string | null,
): Promise<void> {
  await db.query('UPDATE model SET access = $2, team_id = $3 WHERE id = $1', [
    modelId,
    access,
    teamId,
  ]);
}

export async function setDefaultPermission(
  db: Queryable,
  modelId: string,
  permission: DefaultPermission,
): Promise<void> {
  await db.query('UPDATE model SET default_permission = $2 WHERE id = $1', [modelId, permission]);
}

/** A model's files and facts, for whoever downloads it. */
export async function modelContent(
  db: Queryable,
  modelId: string,
): Promise<Pick<NewModel, 'attributes'> & { bundle: BundleRef | null }> {
  const row = await firstRow<{ attributes: Record<string, string>; bundle: BundleRef | null }>(
    db,
    'SELECT attributes, bundle FROM model WHERE id = $1',
    [modelId],
  );
  return row ?? { attributes: {}, bundle: null };
}

/** Holds a model until the transaction ends, so that nothing new builds on it meanwhile. */
export async function lockModel(tx: Queryable, modelId: string): Promise<boolean> {
  const sql = 'SELECT id FROM model WHERE id = $1 FOR UPDATE';
  return (await firstRow(tx, sql, [modelId])) !== undefined;
}

/** How many unfinished models have this one as their base. */
export async function unfinishedOn(db: Queryable, modelId: string): Promise<number> {
  const row = await firstRow<{ count: string }>(
    db,
    `SELECT count(*) FROM model
     WHERE base_model_id = $1 AND train_status IN ('not_started', 'starting', 'in_progress')`,
    [modelId],
  );
  return Number(row?.count ?? 0);
}

export async function runsOf(
  db: Queryable,
  modelId: string,
): Promise<Pick<RunRow, 'id' | 'model_id' | 'execution'>[]> {
  return rows(db, 'SELECT id, model_id, execution FROM run WHERE model_id = $1', [modelId]);
}

export async function deleteModelRow(tx: Queryable, modelId: string): Promise<void> {
  await tx.query('DELETE FROM model WHERE id = $1', [modelId]);
}
