import { rows, type Queryable } from './database';
import { storableJson } from './storable';

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
  await db.query(`SELECT pg_notify('trainyard_event', $1)`, [modelId]);
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

/** Events after `seq`, oldest first. */
export async function eventsAfter(
  db: Queryable,
  modelId: string,
  seq: number,
  limit: number,
): Promise<EventRow[]> {
  return rows<EventRow>(
    db,
    `SELECT seq, type, data, actor, at FROM event
     WHERE model_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    [modelId, seq, limit],
  );
}
