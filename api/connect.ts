import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { checkSecret } from '../src/auth/secretCheck';
import type { Config, TemporalSettings } from '../src/config';
import { connectDatabase, type Database } from '../src/database/database';
import { messageOf, TrainyardError } from '../src/errors';
import type { Logger } from '../src/observability';
import { connectTemporal } from '../src/temporal/client';

/** How long the parts that we need may take to come up after us. */
const patienceMs = 120_000;
const everyMs = 1_000;

/** Opens the pool once the database answers, has its tables, and knows our secret. */
export async function openDatabase(
  config: Config,
  secret: string,
  logger: Logger,
): Promise<Database> {
  const { url, poolSize } = config.database;
  if (url === undefined) {
    const message = 'no database is named: set DATABASE_URL, or run `trainyard up`';
    throw new TrainyardError('config', 'database_unset', message, 500);
  }
  return persist('the database', logger, async () => {
    const database = await connectDatabase({ url, poolSize, applicationName: 'trainyard api' });
    try {
      await checkSecret(database, secret);
      return database;
    } catch (error) {
      await database.destroy();
      throw error;
    }
  });
}

export function openTemporal(settings: TemporalSettings, logger: Logger): Promise<Client> {
  return persist('Temporal', logger, () => connectTemporal(settings));
}

/** Tries until it works; gives up at once when the configuration is what is wrong. */
async function persist<T>(what: string, logger: Logger, attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof TrainyardError) throw error;
      const reason = messageOf(error);
      if (performance.now() > deadline) throw silent(what, reason);
      logger.info({ reason }, `waiting for ${what}`);
      await pause(everyMs);
    }
  }
}

function silent(what: string, reason: string): TrainyardError {
  return new TrainyardError(
    'infrastructure',
    'not_reachable',
    `${what} could not be used within ${patienceMs / 1000} s: ${reason}; look at its address, and run \`trainyard migrate\` if tables are missing`,
    500,
  );
}
