import { appendEvent } from './events';
import { rows, type Queryable } from '../database';

export const statuses = [
  'not_started',
  'starting',
  'in_progress',
  'stopped',
  'complete',
  'failed',
] as const;
export type Status = (typeof statuses)[number];

/** What a status column describes: the training or the deployment of a model. */
export type Job = 'train' | 'deploy';

/** From which statuses each status may be reached by the platform itself. */
const allowed: Record<Job, Record<Status, readonly Status[]>> = {
  train: {
    not_started: ['failed', 'stopped'],
    starting: ['not_started'],
    in_progress: ['not_started', 'starting'],
    complete: ['in_progress'],
    failed: ['not_started', 'starting', 'in_progress'],
    stopped: ['not_started', 'starting', 'in_progress'],
  },
  deploy: {
    not_started: [],
    starting: ['not_started', 'stopped', 'failed'],
    in_progress: ['starting'],
    // Serving processes go on trying to load what failed.
    complete: ['starting', 'in_progress', 'failed'],
    failed: ['starting', 'in_progress'],
    stopped: ['starting', 'in_progress', 'complete', 'failed'],
  },
};

/**
 * How the platform changes a status: only along the allowed edges. Appends an event.
 * @returns false when the model is gone or the move is not allowed from where it stands
 */
export async function transition(
  db: Queryable,
  modelId: string,
  job: Job,
  to: Status,
  actor: string,
  reason?: string,
): Promise<boolean> {
  return move(db, modelId, job, to, allowed[job][to], actor, reason);
}

/**
 * A status reported from outside with a job token: any move is allowed, as clients of the Model
 * Bazaar API expect. Callers make sure that no open workflow owns the run.
 */
export async function reportStatus(
  db: Queryable,
  modelId: string,
  job: Job,
  to: Status,
): Promise<boolean> {
  return move(db, modelId, job, to, statuses, 'job token', undefined);
}

async function move(
  db: Queryable,
  modelId: string,
  job: Job,
  to: Status,
  from: readonly Status[],
  actor: string,
  reason: string | undefined,
): Promise<boolean> {
  const column = `${job}_status`;
  const moved = await rows<{ was: Status }>(
    db,
    `WITH before AS (SELECT id, ${column} AS was FROM model WHERE id = $1 FOR UPDATE)
     UPDATE model SET ${column} = $2 FROM before
     WHERE model.id = before.id AND before.was = ANY ($3)
     RETURNING before.was`,
    [modelId, to, from],
  );
  const was = moved[0]?.was;
  if (was === undefined) return false;
  const data = { from: was, to, ...(reason === undefined ? {} : { reason }) };
  await appendEvent(db, modelId, `${job}_status`, data, actor);
  return true;
}
