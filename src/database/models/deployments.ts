import type { TreeRef } from '../../artifacts/trees/tree';
import { TrainyardError } from '../../errors';
import { firstRow, rows, type Queryable } from '../database';
import { transition, type Status } from './status';

/** Processes that serve listen here; the payload is the id of the model whose deployment changed. */
export const deploymentChannel = 'trainyard_deployment';

/** Where a trained model lies: a sub-folder of a published tree. */
export interface BundleRef {
  tree: TreeRef;
  path: string;
}

/** What a deployment was asked for; kept for display, one process serves however many are asked for. */
export interface DeploymentOptions {
  autoscaling_enabled?: boolean;
  autoscaling_min?: number;
  autoscaling_max?: number;
  /** MiB. */
  memory?: number;
}

/** A deployment as those who serve see it. */
export interface DeploymentRow {
  model_id: string;
  name: string | null;
  /** From one sequence, so a later change of any deployment has a larger number. */
  version: string;
  /** Who held the name before and answers under it until this model is `complete`. */
  previous_model_id: string | null;
  type: string;
  bundle: BundleRef;
  deploy_status: Status;
}

const columns = `d.model_id, d.name, d.version, d.options ->> 'previous_model_id' AS previous_model_id,
  m.type, m.bundle, m.deploy_status`;
/** `failed` too: such a row holds its name, under which the previous model goes on answering. */
const served = `FROM deployment d JOIN model m ON m.id = d.model_id
  WHERE m.bundle IS NOT NULL
    AND m.deploy_status IN ('starting', 'in_progress', 'complete', 'failed')`;

/** Every deployment that is up, coming up, or failed to, in one snapshot. */
export async function activeDeployments(db: Queryable): Promise<DeploymentRow[]> {
  return rows(db, `SELECT ${columns} ${served}`);
}

/** The deployments that have one of these names, or are of a model with one of these ids. */
export async function findDeployments(
  db: Queryable,
  { ids, names }: { ids: string[]; names: string[] },
): Promise<DeploymentRow[]> {
  const wanted = '(d.model_id = ANY ($1::uuid[]) OR d.name = ANY ($2::text[]))';
  return rows(db, `SELECT ${columns} ${served} AND ${wanted}`, [ids, names]);
}

/** The id of the model that holds a name. */
export async function nameHolder(db: Queryable, name: string): Promise<string | undefined> {
  const row = await firstRow<{ model_id: string }>(
    db,
    'SELECT model_id FROM deployment WHERE name = $1',
    [name],
  );
  return row?.model_id;
}

export interface DeploymentRequest {
  modelId: string;
  /** undefined: keeps the name that the deployment has, if any. */
  name?: string | undefined;
  options: DeploymentOptions;
  /** The user, or null when the platform deploys by itself. */
  requestedBy: string | null;
  /** Who held `name` when the caller's right to move it was checked; undefined: nobody. */
  holder?: string | undefined;
}

/**
 * Writes down that a model is to be served; serving processes make it so. Already up or coming up:
 * nothing changes but the name. A name that another model holds moves here in the same transaction;
 * that model still answers by its id.
 * @param tx a transaction
 * @throws TrainyardError `model_not_found`, `not_trained`, `deployment_name_taken`
 */
export async function requestDeployment(tx: Queryable, request: DeploymentRequest): Promise<void> {
  const { modelId, name } = request;
  if (name !== undefined) await lockName(tx, name);
  await requireTrained(tx, modelId);
  const previous = name === undefined ? undefined : await takeName(tx, request, name);
  const actor = request.requestedBy ?? 'platform';
  const started = await transition(tx, modelId, 'deploy', 'starting', actor);
  if (started) await forgetMessages(tx, modelId);
  const options = {
    ...request.options,
    ...(previous === undefined ? {} : { previous_model_id: previous }),
  };
  await tx.query(
    `INSERT INTO deployment (model_id, name, options, version, requested_by)
     VALUES ($1, $2, $3, nextval('deployment_version'), $4)
     ON CONFLICT (model_id) DO UPDATE SET
       name = COALESCE(EXCLUDED.name, deployment.name),
       options = CASE WHEN EXCLUDED.name IS NULL OR EXCLUDED.name = deployment.name
         THEN deployment.options || EXCLUDED.options ELSE EXCLUDED.options END,
       version = EXCLUDED.version, requested_by = EXCLUDED.requested_by, updated_at = now()`,
    [modelId, name ?? null, JSON.stringify(options), request.requestedBy],
  );
  await announce(tx, modelId);
}

/**
 * Ends a deployment and frees its name. Serving processes let go of the model after the requests that
 * they have begun.
 * @param tx a transaction
 * @returns false when the model was not deployed
 */
export async function endDeployment(
  tx: Queryable,
  modelId: string,
  actor: string,
): Promise<boolean> {
  const stopped = await transition(tx, modelId, 'deploy', 'stopped', actor);
  await tx.query('DELETE FROM deployment WHERE model_id = $1', [modelId]);
  await announce(tx, modelId);
  return stopped;
}

/**
 * Moves the status of one version of a deployment and tells every serving process.
 * @param tx a transaction
 * @returns false when the deployment was changed since, or the status may not move there from where
 *   it stands
 */
export async function moveDeployment(
  tx: Queryable,
  deployment: Pick<DeploymentRow, 'model_id' | 'version'>,
  to: Status,
  actor: string,
  reason?: string,
): Promise<boolean> {
  if (!(await lockDeployment(tx, deployment))) return false;
  const { model_id: modelId } = deployment;
  const moved = await transition(tx, modelId, 'deploy', to, actor, reason);
  if (moved && to === 'complete') await forgetMessages(tx, modelId, actor);
  if (moved) await announce(tx, modelId);
  return moved;
}

/**
 * Keeps a deployment as it is until the transaction ends: deployments change with their model's row
 * locked.
 * @returns false when it was changed since that version
 */
export async function lockDeployment(
  tx: Queryable,
  { model_id: modelId, version }: Pick<DeploymentRow, 'model_id' | 'version'>,
): Promise<boolean> {
  await tx.query('SELECT 1 FROM model WHERE id = $1 FOR UPDATE', [modelId]);
  const sql = 'SELECT 1 FROM deployment WHERE model_id = $1 AND version = $2';
  return (await firstRow(tx, sql, [modelId, version])) !== undefined;
}

/** Tells serving processes that a deployment changed; they hear it when the transaction commits. */
export async function announce(db: Queryable, modelId: string): Promise<void> {
  await db.query('SELECT pg_notify($1, $2)', [deploymentChannel, modelId]);
}

/** Two requests for one name come one after the other. */
async function lockName(tx: Queryable, name: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('deployment ' || $1, 0))`, [name]);
}

async function requireTrained(tx: Queryable, modelId: string): Promise<void> {
  const model = await firstRow<{ train_status: Status; has_bundle: boolean }>(
    tx,
    'SELECT train_status, bundle IS NOT NULL AS has_bundle FROM model WHERE id = $1 FOR UPDATE',
    [modelId],
  );
  if (!model) {
    throw new TrainyardError('config', 'model_not_found', `model ${modelId} does not exist`, 404);
  }
  if (model.train_status === 'complete' && model.has_bundle) return;
  throw new TrainyardError(
    'config',
    'not_trained',
    `model ${modelId} cannot be deployed: its training must be complete, it is ${model.train_status}`,
  );
}

/**
 * Takes the name from the model that holds it.
 * @returns who is to answer under it until the new holder is up
 */
async function takeName(
  tx: Queryable,
  { modelId, holder }: DeploymentRequest,
  name: string,
): Promise<string | undefined> {
  const held = await firstRow<Pick<DeploymentRow, 'model_id' | 'previous_model_id'> & HeldStatus>(
    tx,
    `SELECT d.model_id, d.options ->> 'previous_model_id' AS previous_model_id, m.deploy_status
     FROM deployment d JOIN model m ON m.id = d.model_id WHERE d.name = $1`,
    [name],
  );
  if (!held || held.model_id === modelId) return undefined;
  if (held.model_id !== holder) {
    throw new TrainyardError(
      'config',
      'deployment_name_taken',
      `deployment_name "${name}" was given to another model at the same time: try again`,
      409,
    );
  }
  await tx.query(
    `UPDATE deployment SET name = NULL, version = nextval('deployment_version'), updated_at = now()
     WHERE model_id = $1`,
    [held.model_id],
  );
  return held.deploy_status === 'complete' ? held.model_id : (held.previous_model_id ?? undefined);
}

interface HeldStatus {
  deploy_status: Status;
}

/**
 * What was wrong before says nothing about a deployment that begins, or is up; events keep it.
 * @param source whose messages; absent: everybody's
 */
async function forgetMessages(tx: Queryable, modelId: string, source?: string): Promise<void> {
  await tx.query(
    `DELETE FROM message WHERE model_id = $1 AND job = 'deploy' AND ($2::text IS NULL OR source = $2)`,
    [modelId, source ?? null],
  );
}
