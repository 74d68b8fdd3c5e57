import { Client } from 'pg';
import { connectDatabase, connectTimeoutMs, type DatabaseOptions } from './database';

/** Any constant will do, as long as every Trainyard process takes the same. */
const migrationLock = 7_246_101;

/**
 * Brings the schema to the newest version; safe to call from many processes at once. TypeORM takes
 * no lock around migrations, so one is held on a connection of our own.
 * @returns the names of the migrations that ran
 */
export async function migrate(options: DatabaseOptions): Promise<string[]> {
  const lock = new Client({
    connectionString: options.url,
    connectionTimeoutMillis: connectTimeoutMs,
  });
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    const database = await connectDatabase({ ...options, poolSize: 1 });
    try {
      return (await database.runMigrations()).map((migration) => migration.name);
    } finally {
      await database.destroy();
    }
  } finally {
    await lock.end();
  }
}
