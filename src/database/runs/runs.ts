import type { FailureKind } from '../../errors';
import { firstRow, rows, type Queryable } from '../database';

/** Where the rows of a training come from, after validation: uploads, buckets and local folders. */
export interface RunSource {
  location: 'upload' | 's3' | 'local';
  /** Upload id, `s3://bucket/prefix`, or a path under a configured root. */
  path: string;
  part: 'train' | 'test';
}

export interface JobOptions {
  allocation_cores: number;
  /** MiB. */
  allocation_memory: number;
}

/** What the platform, rather than the trainer, does with a run. */
export interface RunData {
  sources: RunSource[];
  cache: 'use' | 'refresh' | 'off';
  deploy_when_complete: boolean;
  /** The model that the training starts from; kept here, as deleting that model empties its column. */
  base_model_id?: string | null;
}

export interface RunError {
  kind: FailureKind;
  code: string;
  message: string;
}

export interface RunRow {
  id: string;
  model_id: string;
  /** 1 for the first workflow, one more for each retry. */
  execution: number;
  options: Record<string, unknown>;
  data: RunData;
  job: JobOptions;
  progress: Record<string, unknown> | null;
  summary: Record<string, unknown> | null;
  error: RunError | null;
  cancel_requested: boolean;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
}

export async function insertRun(
  db: Queryable,
  run: Pick<RunRow, 'id' | 'model_id' | 'options' | 'data' | 'job'>,
): Promise<void> {
  await db.query('INSERT INTO run (id, model_id, options, data, job) VALUES ($1, $2, $3, $4, $5)', [
    run.id,
    run.model_id,
    JSON.stringify(run.options),
    JSON.stringify(run.data),
    JSON.stringify(run.job),
  ]);
}

export async function runById(db: Queryable, id: string): Promise<RunRow | undefined> {
  return firstRow<RunRow>(db, 'SELECT * FROM run WHERE id = $1', [id]);
}

/** The run that made, or is making, a model; models made otherwise have none. */
export async function runOfModel(db: Queryable, modelId: string): Promise<RunRow | undefined> {
  return firstRow<RunRow>(
    db,
    'SELECT * FROM run WHERE model_id = $1 ORDER BY created_at DESC LIMIT 1',
    [modelId],
  );
}

/** How many trainings of a user's models wait or run. */
export async function openTrainingsOf(db: Queryable, userId: string): Promise<number> {
  const row = await firstRow<{ count: string }>(
    db,
    `SELECT count(*) FROM run JOIN model ON model.id = run.model_id
     WHERE run.ended_at IS NULL AND model.owner_id = $1`,
    [userId],
  );
  return Number(row!.count);
}

/** Asks the attempts of a run to stop; they look once a second. False when it has ended. */
export async function requestCancel(db: Queryable, runId: string): Promise<boolean> {
  const found = await rows(
    db,
    'UPDATE run SET cancel_requested = true WHERE id = $1 AND ended_at IS NULL RETURNING id',
    [runId],
  );
  return found.length > 0;
}

/** Makes a finished run ready for another workflow, which keeps what its stages have published. */
export async function reopenRun(db: Queryable, runId: string): Promise<number> {
  const row = await firstRow<{ execution: number }>(
    db,
    `UPDATE run SET execution = execution + 1, cancel_requested = false, error = NULL,
       ended_at = NULL, progress = NULL WHERE id = $1 RETURNING execution`,
    [runId],
  );
  await db.query('UPDATE stage SET fruitless = 0, away_since = NULL WHERE run_id = $1', [runId]);
  return row!.execution;
}
