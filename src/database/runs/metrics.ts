import { rows, type Queryable } from '../database';
import { storableJson } from '../storable';

export interface MetricValue {
  name: string;
  step: number;
  value: number;
}

/** Adds values to the histories of a run; a step that is worked again overwrites its value. */
export async function recordMetrics(
  db: Queryable,
  runId: string,
  values: MetricValue[],
): Promise<void> {
  if (values.length === 0) return;
  await db.query(
    `INSERT INTO metric (run_id, name, step, value)
     SELECT DISTINCT ON (m.name, m.step) $1, m.name, m.step, m.value
     FROM jsonb_to_recordset($2) AS m(name text, step bigint, value float8)
     ON CONFLICT (run_id, name, step) DO UPDATE SET value = excluded.value`,
    [runId, storableJson(values)],
  );
}

export async function metricsOf(db: Queryable, runId: string): Promise<MetricValue[]> {
  return rows<MetricValue>(
    db,
    'SELECT name, step::float8 AS step, value FROM metric WHERE run_id = $1 ORDER BY name, step',
    [runId],
  );
}
