import { firstRow, type Queryable } from '../database';

/**
 * How many trainings a worker begins before this one, as far as is known now: those of the same owner that
 * were accepted earlier, and, as owners take turns, as many of each other owner and one more.
 */
export async function placeInLine(db: Queryable, runId: string): Promise<number> {
  const row = await firstRow<{ before: string }>(
    db,
    `WITH waiting AS (
       SELECT model.owner_id, run.id, run.created_at
       FROM model JOIN run ON run.model_id = model.id AND run.ended_at IS NULL
       WHERE model.train_status IN ('not_started', 'starting')
     ), mine AS (
       SELECT owner_id, created_at FROM waiting WHERE id = $1
     ), ahead AS (
       SELECT count(*) AS count FROM waiting JOIN mine USING (owner_id)
       WHERE waiting.created_at < mine.created_at
     ), others AS (
       SELECT count(*) AS count FROM waiting
       WHERE owner_id <> (SELECT owner_id FROM mine) GROUP BY owner_id
     )
     SELECT ahead.count + coalesce((SELECT sum(least(others.count, ahead.count + 1)) FROM others), 0)
       AS before
     FROM ahead`,
    [runId],
  );
  return Number(row?.before ?? 0);
}
