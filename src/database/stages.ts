import type { TreeRef } from '../artifacts/tree';
import type { ArtifactRef } from '../artifacts/artifactStore';
import { firstRow, rows, type Queryable } from './database';

/** Where an interrupted stage goes on. */
export interface Checkpoint {
  step: number;
  ref: ArtifactRef;
}

export type CacheUse = 'hit' | 'made' | 'off';

export interface StageRow {
  run_id: string;
  stage: string;
  fence: number;
  /** Attempts since the newest checkpoint, the current one included. */
  attempts: number;
  checkpoint: Checkpoint | null;
  output: TreeRef | null;
  cache: CacheUse | null;
  published_fence: number | null;
  started_at: Date | null;
  published_at: Date | null;
}

/**
 * Takes the next fence of a stage: from now on whatever an older attempt tries to write is refused.
 * A published stage keeps its fence and is returned as it is.
 */
export async function claimStage(db: Queryable, runId: string, stage: string): Promise<StageRow> {
  const row = await firstRow<StageRow>(
    db,
    `INSERT INTO stage (run_id, stage, fence, attempts, started_at) VALUES ($1, $2, 1, 1, now())
     ON CONFLICT (run_id, stage) DO UPDATE SET
       fence = stage.fence + (stage.output IS NULL)::int,
       attempts = stage.attempts + (stage.output IS NULL)::int
     RETURNING *`,
    [runId, stage],
  );
  return row!;
}

/** An attempt that ended through no fault of the work (a worker's orderly stop) does not count. */
export async function forgiveAttempt(
  db: Queryable,
  runId: string,
  stage: string,
  fence: number,
): Promise<void> {
  await db.query(
    'UPDATE stage SET attempts = attempts - 1 WHERE run_id = $1 AND stage = $2 AND fence = $3',
    [runId, stage, fence],
  );
}

/** Moves the checkpoint pointer; false when a newer attempt owns the stage. */
export async function saveCheckpoint(
  db: Queryable,
  runId: string,
  stage: string,
  fence: number,
  checkpoint: Checkpoint,
): Promise<boolean> {
  const saved = await rows(
    db,
    `UPDATE stage SET checkpoint = $4, attempts = 1
     WHERE run_id = $1 AND stage = $2 AND fence = $3 AND output IS NULL
       AND coalesce((checkpoint ->> 'step')::bigint, -1) < $5 RETURNING fence`,
    [runId, stage, fence, JSON.stringify(checkpoint), checkpoint.step],
  );
  return saved.length > 0;
}

/** Publishes what a stage made, once; false when a newer attempt owns the stage. */
export async function publishStage(
  db: Queryable,
  runId: string,
  stage: string,
  fence: number,
  output: TreeRef,
  cache: CacheUse | null,
): Promise<boolean> {
  const published = await rows(
    db,
    `UPDATE stage SET output = $4, cache = $5, published_fence = $3, published_at = now()
     WHERE run_id = $1 AND stage = $2 AND fence = $3 AND output IS NULL RETURNING fence`,
    [runId, stage, fence, JSON.stringify(output), cache],
  );
  return published.length > 0;
}

export async function stagesOf(db: Queryable, runId: string): Promise<StageRow[]> {
  return rows<StageRow>(db, 'SELECT * FROM stage WHERE run_id = $1 ORDER BY started_at', [runId]);
}

/**
 * Forgets a published output whose artifacts are gone (an evicted cache entry): it is made again, and
 * from the start, as its checkpoints went when it was published.
 */
export async function unpublishStage(db: Queryable, runId: string, stage: string): Promise<void> {
  await db.query(
    `UPDATE stage SET output = NULL, cache = NULL, published_fence = NULL, published_at = NULL, checkpoint = NULL
     WHERE run_id = $1 AND stage = $2`,
    [runId, stage],
  );
}

/** What the running attempt must know each second. */
export interface Pulse {
  /** A newer attempt owns the stage, or the run is gone: stop and publish nothing. */
  fenced: boolean;
  cancelRequested: boolean;
}

export async function pulse(
  db: Queryable,
  runId: string,
  stage: string,
  fence: number,
): Promise<Pulse> {
  const row = await firstRow<{ fence: number; cancel_requested: boolean }>(
    db,
    `SELECT stage.fence, run.cancel_requested FROM stage JOIN run ON run.id = stage.run_id
     WHERE run_id = $1 AND stage = $2`,
    [runId, stage],
  );
  return { fenced: row?.fence !== fence, cancelRequested: row?.cancel_requested ?? false };
}
