import type { TreeRef } from '../../artifacts/trees/tree';
import type { ArtifactRef } from '../../artifacts/artifactStore';
import { TrainyardError } from '../../errors';
import { firstRow, rows, type Queryable } from '../database';
import { compareVersions, type StepVersions } from './stageVersions';

/** Where an interrupted stage goes on. */
export interface Checkpoint {
  step: number;
  ref: ArtifactRef;
}

export type CacheUse = 'hit' | 'made' | 'off';

export interface StageRow {
  run_id: string;
  stage: string;
  /** Raised with each attempt: whatever an older one tries to write is refused. */
  fence: number;
  /** Attempts that worked at it; one that only found out that it has to wait is none. */
  attempts: number;
  /** Attempts since the newest checkpoint, the current one included, that nothing from outside ended. */
  fruitless: number;
  /** Of the steps that checkpoint and output were made with. */
  versions: StepVersions | null;
  /** Under which the step cache knows the result, once an attempt has found that out. */
  cache_key: string | null;
  checkpoint: Checkpoint | null;
  output: TreeRef | null;
  cache: CacheUse | null;
  /** Since when attempts have ended because something that they depend on is away. */
  away_since: Date | null;
  started_at: Date | null;
  published_at: Date | null;
}

/** A stage of a run, and for what is written under a fence which attempt at it. */
export interface StageId {
  runId: string;
  stage: string;
}
export type FencedStage = StageId & { fence: number };

export async function stageOf(
  db: Queryable,
  { runId, stage }: StageId,
): Promise<StageRow | undefined> {
  return firstRow<StageRow>(db, 'SELECT * FROM stage WHERE run_id = $1 AND stage = $2', [
    runId,
    stage,
  ]);
}

/**
 * Begins an attempt: takes the next fence, and from now on whatever an older attempt tries to write is
 * refused. A published stage is returned as it is. What steps of older versions left is forgotten.
 * @param tx a transaction
 * @throws TrainyardError `newer_version` when code newer than this has worked at the stage
 */
export async function claimStage(
  tx: Queryable,
  { runId, stage }: StageId,
  versions: StepVersions,
): Promise<StageRow> {
  await tx.query(
    `INSERT INTO stage (run_id, stage, started_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING`,
    [runId, stage],
  );
  const row = await firstRow<StageRow>(
    tx,
    'SELECT * FROM stage WHERE run_id = $1 AND stage = $2 FOR UPDATE',
    [runId, stage],
  );
  const age = compareVersions(row!.versions, versions);
  if (age === 'newer') throw newerVersion(stage);
  if (row!.output && age === 'same') return row!;
  const claimed = await rows<StageRow>(
    tx,
    `UPDATE stage SET fence = fence + 1, attempts = attempts + 1, fruitless = fruitless + 1, versions = $3,
       output = NULL, cache = NULL, published_at = NULL,
       checkpoint = CASE WHEN $4 THEN checkpoint END, cache_key = CASE WHEN $4 THEN cache_key END
     WHERE run_id = $1 AND stage = $2 RETURNING *`,
    [runId, stage, JSON.stringify(versions), age === 'same'],
  );
  return claimed[0]!;
}

function newerVersion(stage: string): TrainyardError {
  return new TrainyardError(
    'infrastructure',
    'newer_version',
    `a worker of a newer version has worked at the ${stage} stage: this one leaves it alone. Upgrade all workers`,
  );
}

/** An attempt that ended through no fault of the work (a worker's orderly stop, an outage) does not count against it. */
export async function refundAttempt(
  db: Queryable,
  { runId, stage, fence }: FencedStage,
): Promise<void> {
  await db.query(
    `UPDATE stage SET fruitless = greatest(fruitless - 1, 0)
     WHERE run_id = $1 AND stage = $2 AND fence = $3`,
    [runId, stage, fence],
  );
}

/** An attempt that did nothing but find out that it has to wait is none. Its fence stays used. */
export async function withdrawAttempt(
  db: Queryable,
  { runId, stage, fence }: FencedStage,
): Promise<void> {
  await db.query(
    `UPDATE stage SET fruitless = greatest(fruitless - 1, 0), attempts = greatest(attempts - 1, 0)
     WHERE run_id = $1 AND stage = $2 AND fence = $3`,
    [runId, stage, fence],
  );
}

/**
 * Something that a stage depends on is away, and an attempt ended or did not begin because of it.
 * @returns since when that has been so
 */
export async function recordOutage(
  db: Queryable,
  { runId, stage }: StageId,
): Promise<Date | undefined> {
  const [row] = await rows<{ away_since: Date }>(
    db,
    `UPDATE stage SET away_since = coalesce(away_since, now())
     WHERE run_id = $1 AND stage = $2 RETURNING away_since`,
    [runId, stage],
  );
  return row?.away_since;
}

/** Keeps what identifies the result in the step cache, so that it need not be found out again. */
export async function saveCacheKey(
  db: Queryable,
  { runId, stage, fence }: FencedStage,
  key: string | null,
): Promise<void> {
  await db.query(
    'UPDATE stage SET cache_key = $4 WHERE run_id = $1 AND stage = $2 AND fence = $3',
    [runId, stage, fence, key],
  );
}

/** Moves the checkpoint pointer; false when a newer attempt owns the stage. */
export async function saveCheckpoint(
  db: Queryable,
  { runId, stage, fence }: FencedStage,
  checkpoint: Checkpoint,
): Promise<boolean> {
  const saved = await rows(
    db,
    `UPDATE stage SET checkpoint = $4, fruitless = 1, away_since = NULL
     WHERE run_id = $1 AND stage = $2 AND fence = $3 AND output IS NULL
       AND (coalesce((checkpoint ->> 'step')::bigint, -1) < $5 OR checkpoint = $4) RETURNING fence`,
    [runId, stage, fence, JSON.stringify(checkpoint), checkpoint.step],
  );
  return saved.length > 0;
}

/** Publishes what a stage made, once; false when a newer attempt owns the stage. */
export async function publishStage(
  db: Queryable,
  { runId, stage, fence }: FencedStage,
  output: TreeRef,
  cache: CacheUse | null,
): Promise<boolean> {
  const published = await rows(
    db,
    `UPDATE stage SET output = $4, cache = $5, away_since = NULL, published_at = now()
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
export async function unpublishStage(
  db: Queryable,
  { runId, stage }: StageId,
  output: TreeRef,
): Promise<void> {
  await db.query(
    `UPDATE stage SET output = NULL, cache = NULL, published_at = NULL, checkpoint = NULL
     WHERE run_id = $1 AND stage = $2 AND output #>> '{manifest,key}' = $3`,
    [runId, stage, output.manifest.key],
  );
}

/** What the running attempt must know each second. */
export interface AttemptState {
  /** A newer attempt owns the stage, or the run is gone: stop and publish nothing. */
  fenced: boolean;
  cancelRequested: boolean;
}

export async function attemptState(
  db: Queryable,
  { runId, stage, fence }: FencedStage,
): Promise<AttemptState> {
  const row = await firstRow<{ fence: number; cancel_requested: boolean }>(
    db,
    `SELECT stage.fence, run.cancel_requested FROM stage JOIN run ON run.id = stage.run_id
     WHERE run_id = $1 AND stage = $2`,
    [runId, stage],
  );
  return { fenced: row?.fence !== fence, cancelRequested: row?.cancel_requested ?? false };
}
