import { firstRow, type Queryable } from './database';

export async function setting(db: Queryable, key: string): Promise<string | undefined> {
  const sql = 'SELECT value FROM setting WHERE key = $1';
  return (await firstRow<{ value: string }>(db, sql, [key]))?.value;
}

/** Keeps the first value that anyone gave; returns the one that is kept. */
export async function getOrCreateSetting(
  db: Queryable,
  key: string,
  value: string,
): Promise<string> {
  await db.query('INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    key,
    value,
  ]);
  return (await setting(db, key)) ?? value;
}

export async function putSetting(db: Queryable, key: string, value: string): Promise<void> {
  await db.query(
    `INSERT INTO setting (key, value) VALUES ($1, $2)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    [key, value],
  );
}

/** Locks and returns a setting until the transaction ends. */
export async function lockSetting(tx: Queryable, key: string): Promise<string | undefined> {
  const sql = 'SELECT value FROM setting WHERE key = $1 FOR UPDATE';
  return (await firstRow<{ value: string }>(tx, sql, [key]))?.value;
}

/**
 * Takes the turn of a chore that one process at a time does: true for one of those that ask, and for
 * the next one only `everySeconds` later, whatever became of the first. `deleteSetting` gives it back.
 */
export async function takePeriodicLock(
  db: Queryable,
  key: string,
  everySeconds: number,
): Promise<boolean> {
  const taken = await firstRow(
    db,
    `INSERT INTO setting (key, value) VALUES ($1, extract(epoch FROM now())::text)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value
     WHERE setting.value::float8 <= extract(epoch FROM now()) - $2::float8 RETURNING key`,
    [key, everySeconds],
  );
  return taken !== undefined;
}

export async function deleteSetting(db: Queryable, key: string): Promise<void> {
  await db.query('DELETE FROM setting WHERE key = $1', [key]);
}
