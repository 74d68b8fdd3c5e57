import 'reflect-metadata';
import { DataSource, type EntityManager, type MixedList } from 'typeorm';

/** The ORM's connection pool. Rows keep the column names of their tables: what SQL says is what code says. */
export type Database = DataSource;

/** A transaction or the pool: repositories take either. */
export type Queryable = Pick<EntityManager, 'query'>;

export interface DatabaseOptions {
  url: string;
  /** Largest number of connections. @default 10 */
  poolSize?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /** Only the process that migrates needs them. */
  migrations?: MixedList<new () => object>;
}

/** How long a query may wait for a connection: a free one of the pool, or a new one. */
export const connectTimeoutMs = 10_000;
const statementTimeoutMs = 30_000;
/** Longer than the server's own, for a server that is frozen or out of reach. */
const answerTimeoutMs = 40_000;

/**
 * Opens the pool. Waiting for a connection ends after 10 s, statements after 30 s (40 s where the
 * server does not even say so), transactions left idle after 60 s.
 */
export async function connectDatabase(options: DatabaseOptions): Promise<Database> {
  const source = new DataSource({
    type: 'postgres',
    url: options.url,
    synchronize: false,
    entities: [],
    migrations: (options.migrations ?? []) as never,
    migrationsTransactionMode: 'each',
    applicationName: options.applicationName ?? 'trainyard',
    poolSize: options.poolSize ?? 10,
    extra: {
      connectionTimeoutMillis: connectTimeoutMs,
      statement_timeout: statementTimeoutMs,
      query_timeout: answerTimeoutMs,
      idle_in_transaction_session_timeout: 60_000,
    },
    // A connection that breaks while idle is replaced at the next query; nothing to report.
    poolErrorHandler: () => undefined,
  });
  return source.initialize();
}

/** Rows of a statement, typed by the caller, who knows its columns. */
export async function rows<Row>(
  db: Queryable,
  sql: string,
  parameters: unknown[] = [],
): Promise<Row[]> {
  const result: unknown = await db.query(sql, parameters);
  // The driver answers [rows, count] for UPDATE and DELETE, plain rows for everything else.
  if (
    Array.isArray(result) &&
    result.length === 2 &&
    Array.isArray(result[0]) &&
    typeof result[1] === 'number'
  ) {
    return result[0] as Row[];
  }
  return result as Row[];
}

/** The first row, or undefined. */
export async function firstRow<Row>(
  db: Queryable,
  sql: string,
  parameters: unknown[] = [],
): Promise<Row | undefined> {
  return (await rows<Row>(db, sql, parameters))[0];
}
