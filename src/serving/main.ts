import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { openArtifactStore } from '../artifacts/openStore';
import { checkSecret } from '../auth/secretCheck';
import { TokenService } from '../auth/tokens';
import { signingSecret, type Config } from '../config';
import { connectDatabase } from '../database/database';
import { createLogger, createRegistry } from '../observability';
import { Serving } from './serving';

/** Threads beyond this gain little: one process's HTTP cannot feed more. */
const maxThreads = 8;

/** Serves deployed models until the process is asked to stop (SIGTERM or SIGINT). */
export async function runServing(config: Config): Promise<void> {
  const logger = createLogger('serving', config.logLevel);
  const databaseUrl = config.database.url!;
  const database = await connectDatabase({
    url: databaseUrl,
    poolSize: config.database.poolSize,
    applicationName: 'trainyard serving',
  });
  const secret = signingSecret(config);
  await checkSecret(database, secret);
  const serving = await Serving.start({
    ...config.serving,
    databaseUrl,
    database,
    store: await openArtifactStore(config.artifacts),
    tokens: new TokenService(secret),
    logger,
    registry: createRegistry('serving'),
    bundleFolder: join(config.home, 'serving'),
    threads: Math.min(availableParallelism(), maxThreads),
    modelBytes: memoryForModels(),
  });
  logger.info({ port: serving.port }, 'serving ready');
  await new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
  logger.info('stopping: requests under way are finished first');
  await serving.stop();
  await database.destroy();
}

/** A quarter of the machine's memory, or of what a container may use. */
function memoryForModels(): number {
  const limit = process.constrainedMemory();
  return Math.floor((limit > 0 ? Math.min(limit, totalmem()) : totalmem()) / 4);
}
