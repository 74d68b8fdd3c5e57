import { rows, type Database } from '../../src/database/database';

const tables = ['event', 'log_segment', 'metric', 'run', 'model', 'stage', 'message'];

/** Rows of each table that were inserted, updated and deleted since the database was made. */
export type WrittenRows = Record<string, { inserted: number; updated: number; deleted: number }>;

export async function writtenRows(database: Database): Promise<WrittenRows> {
  const found = await rows<{ name: string; ins: string; upd: string; del: string }>(
    database.manager,
    `SELECT relname AS name, n_tup_ins AS ins, n_tup_upd AS upd, n_tup_del AS del
     FROM pg_stat_user_tables WHERE relname = ANY ($1)`,
    [tables],
  );
  const counts = found.map(({ name, ins, upd, del }) => [
    name,
    { inserted: Number(ins), updated: Number(upd), deleted: Number(del) },
  ]);
  return Object.fromEntries(counts) as WrittenRows;
}

/** What was written between two counts, divided by so many hours of training. */
export function writtenAnHour(before: WrittenRows, after: WrittenRows, hours: number): WrittenRows {
  const an = (now: number, then: number): number => Math.round((now - then) / hours);
  const counts = Object.entries(after).map(([name, now]) => {
    const { inserted, updated, deleted } = before[name]!;
    const written = {
      inserted: an(now.inserted, inserted),
      updated: an(now.updated, updated),
      deleted: an(now.deleted, deleted),
    };
    return [name, written];
  });
  return Object.fromEntries(counts) as WrittenRows;
}
