import { rows, type Queryable } from '../database';
import { storableJson } from '../storable';

export interface LogSegment {
  stage: string;
  /** Which attempt at the stage, from 1. */
  attempt: number;
  stream: 'stdout' | 'stderr';
  seq: number;
  text: string;
}

/** Appends segments of one attempt's output; a segment that is already there is left alone. */
export async function appendLogs(
  db: Queryable,
  runId: string,
  segments: LogSegment[],
): Promise<void> {
  if (segments.length === 0) return;
  await db.query(
    `INSERT INTO log_segment (run_id, stage, attempt, stream, seq, text)
     SELECT $1, s.stage, s.attempt, s.stream, s.seq, s.text
     FROM jsonb_to_recordset($2) AS s(stage text, attempt int, stream text, seq int, text text)
     ON CONFLICT DO NOTHING`,
    [runId, storableJson(segments)],
  );
}

export interface AttemptLog {
  stage: string;
  attempt: number;
  stdout: string;
  stderr: string;
}

/** The last `bytes` characters of each stream, one entry per attempt in the order they ran. */
export async function logsOf(db: Queryable, runId: string, length: number): Promise<AttemptLog[]> {
  return rows<AttemptLog>(
    db,
    `SELECT stage, attempt,
       right(coalesce(string_agg(text, '' ORDER BY seq) FILTER (WHERE stream = 'stdout'), ''), $2) AS stdout,
       right(coalesce(string_agg(text, '' ORDER BY seq) FILTER (WHERE stream = 'stderr'), ''), $2) AS stderr
     FROM log_segment WHERE run_id = $1 GROUP BY stage, attempt ORDER BY min(at), attempt`,
    [runId, length],
  );
}
