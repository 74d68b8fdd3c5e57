import { firstRow, rows, type Queryable } from '../database';

/** A training that is not over. */
export interface OpenTraining {
  model_id: string;
  name: string;
}

/**
 * Locks an upload and the runs that read it until the transaction ends: no training that begins or is
 * opened again meanwhile can come to read it. False when there is no such upload.
 */
export async function lockUpload(tx: Queryable, id: string): Promise<boolean> {
  const found = await firstRow(tx, 'SELECT 1 FROM upload WHERE id = $1 FOR UPDATE', [id]);
  await tx.query(
    `SELECT 1 FROM run WHERE id IN (SELECT run_id FROM run_upload WHERE upload_id = $1)
     ORDER BY id FOR SHARE`,
    [id],
  );
  return found !== undefined;
}

/** Trainings that read an upload and are not over, by name. */
export async function openTrainingsOn(db: Queryable, uploadId: string): Promise<OpenTraining[]> {
  return rows(
    db,
    `SELECT model.id AS model_id, model.name
     FROM run_upload JOIN run ON run.id = run_upload.run_id JOIN model ON model.id = run.model_id
     WHERE run_upload.upload_id = $1 AND run.ended_at IS NULL ORDER BY model.name`,
    [uploadId],
  );
}

/**
 * Gives those uploads of a user that trainings which are not over read to another user. Like `lockUpload`,
 * keeps trainings from coming to read one of the others until the transaction ends.
 */
export async function passReadUploadsOn(tx: Queryable, from: string, to: string): Promise<void> {
  const own = 'SELECT id FROM upload WHERE user_id = $1';
  await tx.query(`${own} ORDER BY id FOR UPDATE`, [from]);
  await tx.query(
    `SELECT 1 FROM run WHERE id IN (SELECT run_id FROM run_upload WHERE upload_id IN (${own}))
     ORDER BY id FOR SHARE`,
    [from],
  );
  await tx.query(
    `UPDATE upload SET user_id = $2 WHERE user_id = $1 AND id IN (
       SELECT run_upload.upload_id FROM run_upload JOIN run ON run.id = run_upload.run_id
       WHERE run.ended_at IS NULL)`,
    [from, to],
  );
}

export async function deleteUploadRow(tx: Queryable, id: string): Promise<void> {
  await tx.query('DELETE FROM upload WHERE id = $1', [id]);
}

/** Neither sent nor read by a training within so many days, nor read by one that is not over. */
const unused = `upload.created_at < now() - make_interval(days => $1) AND NOT EXISTS (
  SELECT 1 FROM run_upload JOIN run ON run.id = run_upload.run_id
  WHERE run_upload.upload_id = upload.id
    AND coalesce(run.ended_at >= now() - make_interval(days => $1), true))`;

/** Some uploads that nobody has used for so many days, the oldest first. */
export async function unusedUploads(db: Queryable, days: number, limit: number): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    `SELECT id FROM upload WHERE ${unused} ORDER BY created_at, id LIMIT $2`,
    [days, limit],
  );
  return found.map(({ id }) => id);
}

/** Whether nobody has used an upload for so many days; asked of one that is locked. */
export async function isUnused(tx: Queryable, id: string, days: number): Promise<boolean> {
  const sql = `SELECT 1 FROM upload WHERE ${unused} AND id = $2`;
  return (await firstRow(tx, sql, [days, id])) !== undefined;
}
