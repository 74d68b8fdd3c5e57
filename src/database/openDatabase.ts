import { checkSecret } from '../auth/secretCheck';
import type { Config } from '../config';
import { TrainyardError } from '../errors';
import type { Logger } from '../observability';
import { untilReachable } from '../support/untilReachable';
import { connectDatabase, type Database } from './database';

/**
 * Opens the pool of a part of the platform once the database answers, has its tables, and knows our
 * secret: parts may start in any order.
 * @param part as operators see it in pg_stat_activity
 * @throws TrainyardError `database_unset`, `secret_mismatch`, `not_reachable`
 */
export async function openDatabase(
  config: Pick<Config, 'database'>,
  secret: string,
  part: 'api' | 'serving' | 'worker',
  logger: Pick<Logger, 'info'>,
): Promise<Database> {
  const { url, poolSize } = config.database;
  if (url === undefined) {
    const message = 'no database is named: set DATABASE_URL, or run `trainyard up`';
    throw new TrainyardError('config', 'database_unset', message, 500);
  }
  return untilReachable('the database', logger, async () => {
    const database = await connectDatabase({ url, poolSize, applicationName: `trainyard ${part}` });
    try {
      await checkSecret(database, secret);
      return database;
    } catch (error) {
      await database.destroy();
      throw error;
    }
  });
}
