import type { Config } from '../config';
import { TrainyardError } from '../errors';
import { runningStack } from './stackFile';

/**
 * For a command beside a running `trainyard up`: what the environment does not name, database and
 * Temporal, is that of the stack in this home.
 * @throws TrainyardError `database_unset` when nothing names a database
 */
export function attached(config: Config): Config & { database: { url: string } } {
  const stack = runningStack(config.home);
  const url = config.database.url ?? stack?.databaseUrl;
  if (url === undefined) {
    throw new TrainyardError(
      'config',
      'database_unset',
      'no database is named: set DATABASE_URL, or start `trainyard up` on this TRAINYARD_HOME first',
      500,
    );
  }
  const address = stack?.temporalAddress;
  const own = config.temporal.connection === undefined && address !== undefined;
  return {
    ...config,
    database: { ...config.database, url },
    temporal: own ? { ...config.temporal, connection: { address } } : config.temporal,
  };
}
