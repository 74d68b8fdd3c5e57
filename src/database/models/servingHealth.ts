import { firstRow, rows, type Queryable } from '../database';
import { lockDeployment, moveDeployment, type DeploymentRow } from './deployments';
import { appendEvent } from './events';
import { addMessage } from './messages';
import { storableText } from '../storable';

/** A serving process that was not seen for so long has no say any more. */
export const servingProcessAliveMs = 15_000;
/** After so long what it said is deleted. */
const forgottenMs = 10 * 60_000;

const alive = `seen_at > now() - interval '${servingProcessAliveMs} milliseconds'`;

/** Says that a serving process lives, and deletes what is left of those that are long gone. */
export async function markServingProcess(db: Queryable, processId: string): Promise<void> {
  await db.query(
    `INSERT INTO serving_process (id, seen_at) VALUES ($1, now())
     ON CONFLICT (id) DO UPDATE SET seen_at = now()`,
    [processId],
  );
  await db.query(`DELETE FROM serving_process WHERE seen_at < now() - make_interval(secs => $1)`, [
    forgottenMs / 1000,
  ]);
}

/** For a serving process that stops. */
export async function removeServingProcess(db: Queryable, processId: string): Promise<void> {
  await db.query('DELETE FROM serving_process WHERE id = $1', [processId]);
}

/** Why one serving process cannot load a deployment. */
export interface LoadFailure {
  /** True: for something that will pass, as an object store that is away; it never fails for that. */
  waits: boolean;
  reason: string;
}

/** What those serving processes that live make of a deployment. */
export interface LoadHealth {
  /** How many there are. */
  processes: number;
  /** One for each of them that cannot load it. */
  failures: LoadFailure[];
}

export async function loadHealth(db: Queryable, modelId: string): Promise<LoadHealth> {
  const found = await rows<Partial<LoadFailure>>(
    db,
    `SELECT f.waits, f.reason FROM serving_process p
     LEFT JOIN (load_failure f JOIN deployment d ON d.model_id = f.model_id AND d.version = f.version)
       ON f.process_id = p.id AND f.model_id = $1
     WHERE p.${alive} ORDER BY p.id`,
    [modelId],
  );
  const failures = found.filter((row): row is LoadFailure => typeof row.reason === 'string');
  return { processes: found.length, failures };
}

/**
 * Writes down that one serving process cannot load a deployment. The deployment fails when it is coming
 * up and none of the others that live can, or may yet be able to.
 * @param tx a transaction
 */
export async function recordLoadFailure(
  tx: Queryable,
  deployment: Pick<DeploymentRow, 'model_id' | 'version'>,
  processId: string,
  failure: LoadFailure,
): Promise<void> {
  const { model_id: modelId, version } = deployment;
  if (!(await lockDeployment(tx, deployment))) return;
  await markServingProcess(tx, processId);
  const known = await firstRow(
    tx,
    'SELECT 1 FROM load_failure WHERE model_id = $1 AND process_id = $2 AND version = $3',
    [modelId, processId, version],
  );
  const reason = storableText(failure.reason);
  await tx.query(
    `INSERT INTO load_failure (model_id, process_id, version, waits, reason)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (model_id, process_id) DO UPDATE SET
       version = EXCLUDED.version, waits = EXCLUDED.waits, reason = EXCLUDED.reason`,
    [modelId, processId, version, failure.waits, reason],
  );
  const { processes, failures } = await loadHealth(tx, modelId);
  const lost = failures.filter(({ waits }) => !waits).length === processes;
  if (lost && (await moveDeployment(tx, deployment, 'failed', 'serving', reason))) {
    await addMessage(tx, modelId, 'deploy', 'error', reason, 'serving');
  } else if (!known) {
    await appendEvent(tx, modelId, 'warning', { job: 'deploy', text: reason }, 'serving');
  }
}

/** For a deployment that the process has loaded after all. */
export async function clearLoadFailure(
  db: Queryable,
  modelId: string,
  processId: string,
): Promise<void> {
  await db.query('DELETE FROM load_failure WHERE model_id = $1 AND process_id = $2', [
    modelId,
    processId,
  ]);
}
