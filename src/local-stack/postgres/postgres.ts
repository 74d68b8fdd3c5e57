import { join } from 'node:path';
import { Client, DatabaseError } from 'pg';
import { keptRandom } from '../../config';
import { serverAccount } from '../account';
import type { ChildSpec } from '../supervision/child';
import { postgresBinaries, program } from './postgresBinaries';
import { clearStaleServer, dataFolder, initialize } from './postgresData';
import type { Progress } from '../progress';

export interface EmbeddedPostgres {
  spec: ChildSpec;
  /** For `DATABASE_URL`; carries the password. */
  url: string;
}

/** Lays out the embedded PostgreSQL of a home; `spec` starts it. */
export function embeddedPostgres(options: {
  home: string;
  port: number;
  progress: Progress;
  /** False where losing the last writes in a power cut does not matter, as in tests. @default true */
  durable?: boolean;
}): EmbeddedPostgres {
  const { home, port, progress, durable = true } = options;
  const account = serverAccount();
  const binaries = postgresBinaries(account);
  const password = keptRandom(home, 'postgres-password');
  const folder = dataFolder(home, password, account);
  const url = (database: string): string =>
    `postgresql://trainyard:${password}@127.0.0.1:${port}/${database}`;
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    fsync: durable ? 'on' : 'off',
    log_min_messages: 'warning',
    // Without the values of rows, which are people's.
    log_error_verbosity: 'terse',
  };
  if (!folder.startsWith(home))
    progress(`PostgreSQL runs as "${account!.name}" and keeps its files in ${folder}`);
  const spec: ChildSpec = {
    title: 'PostgreSQL',
    command: program(binaries, 'postgres'),
    args: [
      ...['-D', join(folder, 'data'), '-p', String(port)],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    cwd: folder,
    ...(account === undefined ? {} : { account }),
    logFile: join(home, 'logs', 'postgres.log'),
    // Fast shutdown: rolls open transactions back, then a last checkpoint.
    stopSignal: 'SIGINT',
    stopPatienceMs: 30_000,
    prepare: async () => {
      initialize({ home, binaries, folder, password, account });
      await clearStaleServer(folder);
    },
    isReady: () => ensureDatabase(url('postgres')),
    isAlive: () => answersConnections(url('postgres')),
    readyPatienceMs: 300_000,
  };
  return { spec, url: url('trainyard') };
}

/** Whether it speaks to a new client, be it to refuse it: when it recovers, or has no connection free. */
async function answersConnections(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    return error instanceof DatabaseError;
  } finally {
    // Without waiting for a server that may have frozen since.
    void client.end().catch(() => undefined);
  }
}

/** Connects and makes the database `trainyard` on the first start. */
async function ensureDatabase(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  // The server may vanish while we talk; the query then fails, and that is enough.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = 'trainyard'");
    if (found.rowCount === 0) await client.query('CREATE DATABASE trainyard');
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}
