import { rows, type Queryable } from '../database';
import { storableJson } from '../storable';

/** Whoever follows models listens here; the payload is the id of the model that has a new event. */
export const eventChannel = 'trainyard_event';

/** One thing that happened to a model; numbered per model in the order that they became visible. */
export interface EventRow {
  seq: string;
  type: EventType;
  data: Record<string, unknown>;
  actor: string;
  at: Date;
}

export type EventType =
  | 'train_status'
  | 'deploy_status'
  | 'stage_started'
  | 'stage_published'
  | 'progress'
  | 'warning'
  | 'error';

/**
 * Appends an event. The number comes from the model's own row, whose lock is held until the
 * transaction ends, so numbers become visible in their order (a sequence would not promise that).
 */
export async function appendEvent(
  db: Queryable,
  modelId: string,
  type: EventType,
  data: Record<string, unknown>,
  actor: string,
): Promise<void> {
  await db.query(
    `WITH next AS (
       UPDATE model SET event_seq = event_seq + 1 WHERE id = $1 RETURNING event_seq
     )
     INSERT INTO event (model_id, seq, type, data, actor)
     SELECT $1, event_seq, $2, $3, $4 FROM next`,
    [modelId, type, storableJson(data), actor],
  );
  await db.query('SELECT pg_notify($1, $2)', [eventChannel, modelId]);
}

/**
 * Appends where a stage stands and forgets what was said of it before: progress comes every few seconds
 * for days, and only the newest is of use.
 * @param stage with its shard, as the database names it
 */
export async function replaceProgressEvent(
  tx: Queryable,
  modelId: string,
  stage: string,
  progress: Record<string, unknown>,
  actor: string,
): Promise<void> {
  await tx.query(
    `DELETE FROM event WHERE model_id = $1 AND type = 'progress' AND split_part(actor, '#', 1) = $2`,
    [modelId, stage],
  );
  await appendEvent(tx, modelId, 'progress', progress, actor);
}

/** Events of a model, oldest first, and whether these are the last of its training. */
export interface EventPage {
  events: EventRow[];
  /** No training is under way, and no deployment that it asked for is coming: nothing more is expected. */
  ended: boolean;
}

/** A deployment that the training was to ask for and has not asked for since is not coming. */
const deployMinutes = 10;

/**
 * Copies of a model have a run that asked for a deployment, but no summary: nothing worked on it.
 * $1 is the model, $2 are the minutes.
 */
const unfinished = `SELECT 1 FROM model WHERE id = $1 AND (
  train_status IN ('not_started', 'starting', 'in_progress')
  OR train_status = 'complete' AND deploy_status IN ('not_started', 'starting', 'in_progress')
    AND EXISTS (
      SELECT 1 FROM run
      WHERE model_id = model.id AND summary IS NOT NULL
        AND (data ->> 'deploy_when_complete')::boolean
        AND (deploy_status <> 'not_started' OR ended_at > now() - make_interval(mins => $2))))`;

/** Events after `seq`, and how the model stood at the same moment. */
export async function eventsAfter(
  db: Queryable,
  modelId: string,
  seq: number,
  limit: number,
): Promise<EventPage> {
  const found = await rows<{ ended: boolean } & (EventRow | { seq: null })>(
    db,
    `SELECT NOT EXISTS (${unfinished}) AS ended, newer.*
     FROM (VALUES (1)) AS one LEFT JOIN LATERAL (
       SELECT seq, type, data, actor, at FROM event
       WHERE model_id = $1 AND seq > $3 ORDER BY seq LIMIT $4) AS newer ON true
     ORDER BY newer.seq`,
    [modelId, deployMinutes, seq, limit],
  );
  const events = found.filter((row): row is { ended: boolean } & EventRow => row.seq !== null);
  return { events, ended: found[0]!.ended };
}
