import { randomUUID } from 'node:crypto';
import { getOrCreateSetting } from '../../src/database/settings';
import type { ActivityDependencies } from '../dependencies';

/** Names the database whose rows own the objects of the store. */
const mark = 'database-id';

/**
 * Whether the store belongs to this database, which marks it when nobody has. To an empty or foreign
 * database everything in a store looks as if nobody owned it: a wrong `DATABASE_URL` or a bucket that
 * two installations share must cost nothing.
 */
export async function ownsStore({
  database,
  store,
}: Pick<ActivityDependencies, 'database' | 'store'>): Promise<boolean> {
  const id = await getOrCreateSetting(database, 'database_id', randomUUID());
  if ((await store.size(mark)) === undefined) await store.put(mark, Buffer.from(id), 'text/plain');
  return (await store.readBuffer(mark)).toString() === id;
}
