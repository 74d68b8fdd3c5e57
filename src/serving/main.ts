import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { openArtifactStore } from '../artifacts/openStore';
import { TokenService } from '../auth/tokens';
import { signingSecret, type Config } from '../config';
import type { Database } from '../database/database';
import { openDatabase } from '../database/openDatabase';
import { createLogger, createRegistry, installationId, type Logger } from '../observability';
import { Serving } from './serving';

/** Threads beyond this gain little: one process's HTTP cannot feed more. */
const maxThreads = 8;

/** Serves deployed models until the process is asked to stop (SIGTERM or SIGINT); waits for the database. */
export async function runServing(config: Config): Promise<void> {
  const logger = createLogger('serving', config.logLevel);
  const secret = signingSecret(config);
  const database = await openDatabase(config, secret, 'serving', logger);
  try {
    const serving = await startServing(config, secret, database, logger);
    logger.info({ port: serving.port }, 'serving ready');
    await new Promise((resolve) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
    });
    logger.info('stopping: requests under way are finished first');
    await serving.stop();
  } finally {
    await database.destroy();
  }
}

async function startServing(
  config: Config,
  secret: string,
  database: Database,
  logger: Logger,
): Promise<Serving> {
  return Serving.start({
    ...config.serving,
    databaseUrl: config.database.url!,
    database,
    store: await openArtifactStore(config.artifacts),
    tokens: new TokenService(secret),
    logger,
    registry: createRegistry('serving'),
    installation: installationId(config.home),
    bundleFolder: join(config.home, 'serving'),
    threads: Math.min(availableParallelism(), maxThreads),
    modelBytes: memoryForModels(),
  });
}

/** A quarter of the machine's memory, or of what a container may use. */
function memoryForModels(): number {
  const limit = process.constrainedMemory();
  return Math.floor((limit > 0 ? Math.min(limit, totalmem()) : totalmem()) / 4);
}
