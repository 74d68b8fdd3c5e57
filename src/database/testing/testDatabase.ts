import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { migrations } from '../../../migrations';
import { connectDatabase, type Database } from '../database';
import { migrate } from '../migrate';
import { testServer } from './testServer';

/** A migrated database of one test file's own. */
export interface TestDatabase {
  database: Database;
  url: string;
  /** Closes the pool and drops the database; for `afterAll`. */
  drop(): Promise<void>;
}

/**
 * Makes one, on `DATABASE_URL` or on an embedded PostgreSQL:
 *
 * ```ts
 * let db: TestDatabase;
 * beforeAll(async () => (db = await testDatabase()), testDatabasePatienceMs);
 * afterAll(() => db.drop());
 * ```
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = await testServer();
  const name = `trainyard_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  await migrate({ url: url.href, migrations });
  const database = await connectDatabase({ url: url.href, applicationName: 'trainyard tests' });
  return {
    database,
    url: url.href,
    drop: async () => {
      await database.destroy();
      await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** The first test of a run also waits for the server to be laid out. */
export const testDatabasePatienceMs = 90_000;

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
