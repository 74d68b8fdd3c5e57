import { appendEvent } from './events';
import { rows, type Queryable } from '../database';
import type { Job } from './status';
import { storableText } from '../storable';

export type MessageLevel = 'error' | 'warning';

/**
 * Adds a message that people see in a model's status. With a `source` (such as `<run>/<stage>`) the
 * same text is kept once, so a stage that runs again repeats nothing.
 */
export async function addMessage(
  db: Queryable,
  modelId: string,
  job: Job,
  level: MessageLevel,
  text: string,
  source: string | null,
): Promise<void> {
  const added = await rows<{ id: string }>(
    db,
    `INSERT INTO message (model_id, job, level, text, source) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING id`,
    [modelId, job, level, storableText(text), source],
  );
  if (added.length > 0) await appendEvent(db, modelId, level, { job, text }, source ?? 'job token');
}

/** Messages of a model's job, in the order they came. */
export async function messagesOf(
  db: Queryable,
  modelId: string,
  job: Job,
): Promise<{ level: MessageLevel; text: string }[]> {
  return rows(db, 'SELECT level, text FROM message WHERE model_id = $1 AND job = $2 ORDER BY id', [
    modelId,
    job,
  ]);
}
