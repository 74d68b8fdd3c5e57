import { openArtifactStore } from '../src/artifacts/openStore';
import { AttemptLimits } from '../src/auth/attemptLimits';
import { ensureFirstAdministrator } from '../src/auth/firstAdministrator';
import { TokenService } from '../src/auth/tokens';
import { signingSecret, type Config } from '../src/config';
import { forgetOldKeys } from '../src/database/idempotency';
import { openDatabase } from '../src/database/openDatabase';
import { createLogger, createRegistry } from '../src/observability';
import { openTemporal } from '../src/temporal/openTemporal';
import { OpenStreams } from './core/openStreams';
import type { ApiDependencies } from './dependencies';
import { ModelEvents } from './eventStreams/modelEvents';
import { ReaderAccess } from './eventStreams/readerAccess';
import { forwardToServing } from './inference/proxy';
import { listen, type Listening } from './listen';
import { createApp } from './server';

const hour = 60 * 60 * 1000;

/** Runs the API until the process is asked to stop (SIGTERM or SIGINT). */
export async function runApi(config: Config): Promise<void> {
  const api = await startApi(config);
  await new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
  await api.stop();
}

/**
 * Starts the API: waits for database and Temporal, then listens.
 * @throws TrainyardError when they do not come up, or the signing secret is another than before
 */
export async function startApi(config: Config): Promise<Listening> {
  const logger = createLogger('api', config.logLevel);
  const secret = signingSecret(config);
  const stopping = new AbortController();
  const database = await openDatabase(config, secret, 'api', logger);
  const deps: ApiDependencies = {
    config,
    database,
    store: await openArtifactStore(config.artifacts),
    temporal: await openTemporal(config.temporal, logger),
    tokens: new TokenService(secret),
    attempts: new AttemptLimits(database, config.accounts),
    streams: new OpenStreams(config.eventStreams),
    modelEvents: new ModelEvents({ database, databaseUrl: config.database.url!, logger }),
    readerAccess: new ReaderAccess({ database, logger }),
    logger,
    metrics: createRegistry('api'),
    stopping: stopping.signal,
  };
  if (config.admin) await ensureFirstAdministrator(database, config.admin);
  const serving = forwardToServing({ ...config.serving, logger });
  const listening = await listen(createApp(deps, [serving]), config.api);
  const tidy = (): void => {
    forgetOldKeys(database).catch((error: unknown) => logger.warn({ error }, 'old keys are kept'));
  };
  tidy();
  const tidying = setInterval(tidy, hour);
  logger.info({ url: listening.url }, 'API ready');
  return {
    ...listening,
    stop: async () => {
      logger.info('stopping: requests under way are finished first');
      clearInterval(tidying);
      stopping.abort();
      await listening.stop();
      await close(deps);
    },
  };
}

/**
 * The connection to Temporal is left to the end of the process, which it does not keep from ending:
 * a call that is being retried by the SDK when it closes would crash us.
 */
async function close(deps: ApiDependencies): Promise<void> {
  const { database, store } = deps;
  deps.readerAccess.stop();
  await deps.modelEvents.stop();
  await database.destroy();
  store.close();
}
