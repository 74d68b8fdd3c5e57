import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { runAllocation } from '../src/allocation/allocation';
import { ResourceSemaphore } from '../src/allocation/semaphore';
import { confinement } from '../src/allocation/confinement';
import { claimWorkFolder, sweepWorkFolders } from '../src/allocation/workFolder';
import { openArtifactStore } from '../src/artifacts/openStore';
import { signingSecret, type Config } from '../src/config';
import { openDatabase } from '../src/database/openDatabase';
import {
  createLogger,
  createRegistry,
  installationId,
  Readiness,
  startHealthServer,
} from '../src/observability';
import { forwardTemporalLogs } from '../src/observability/temporalLogging';
import { openTemporal } from '../src/temporal/openTemporal';
import { modelTypes } from '../src/model-types/registry';
import { queuesOf } from '../src/model-types/stages';
import type { ActivityDependencies } from './dependencies';
import { createLifecycleActivities, createStageActivities } from './index';
import { startJanitor } from './upkeep/janitor';
import { startReconciler } from './upkeep/reconciler';
import { TrainingMetrics } from './attempt/trainingMetrics';

/** What a worker process may take: workflows and short writes, or stages, from the queues that kinds of model declare. */
export function allQueues(): string[] {
  const declared = modelTypes().flatMap((type) => Object.values(queuesOf(type)));
  return [...new Set(['control', 'cpu', ...declared])];
}

/** Time for the checkpoints that stages are asked for when the worker stops; then they are handed over. */
const shutdownGrace = '5s';

/**
 * Takes work from Temporal, once it and the database are up, until asked to stop (SIGTERM or SIGINT).
 * @param taken queues, of `allQueues`
 */
export async function runWorker(config: Config, taken: readonly string[]): Promise<void> {
  const logger = createLogger('worker', config.logLevel);
  forwardTemporalLogs(logger);
  const secret = signingSecret(config);
  const database = await openDatabase(config, secret, 'worker', logger);
  const client = await openTemporal(config.temporal, logger);
  const connection = await NativeConnection.connect(config.temporal.connection ?? {});
  const workRoot = join(config.home, 'work');
  await sweepWorkFolders(workRoot);
  const registry = createRegistry('worker');
  const stopping = new AbortController();
  // Every stage that runs listens.
  setMaxListeners(0, stopping.signal);
  const deps: ActivityDependencies = {
    config,
    database,
    store: await openArtifactStore(config.artifacts),
    temporal: client,
    logger,
    metrics: new TrainingMetrics(registry),
    resources: new ResourceSemaphore({
      cores: config.worker.cores,
      memoryMb: config.worker.memoryMb,
    }),
    runAllocation,
    stopping: stopping.signal,
    workFolder: await claimWorkFolder(workRoot),
  };
  const common: Common = {
    connection,
    namespace: config.temporal.namespace,
    shutdownGraceTime: shutdownGrace,
  };
  const workers: Worker[] = [];
  for (const queue of taken) {
    workers.push(await createWorker(queue, deps, common));
  }
  const keepers = taken.includes('control') ? [startReconciler(deps), startJanitor(deps)] : [];
  const health =
    config.worker.port === undefined
      ? undefined
      : await startHealthServer({
          host: config.worker.host,
          port: config.worker.port,
          registry,
          readiness: new Readiness(
            {
              queues: () => workers.every((worker) => worker.getState() === 'RUNNING'),
              database: () => database.query('SELECT 1'),
              temporal: () =>
                client.withDeadline(Date.now() + 2000, () =>
                  client.workflowService.getSystemInfo({}),
                ),
            },
            logger,
          ),
          installation: installationId(config.home),
        });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stopping.abort();
      workers.forEach((worker) => worker.shutdown());
    });
  }
  if (taken.some((queue) => queue !== 'control')) {
    const { by, detail } = confinement();
    logger[by === 'namespaces' ? 'info' : 'warn'](detail);
  }
  logger.info({ queues: taken, cores: config.worker.cores }, 'worker ready');
  try {
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    await Promise.all(keepers.map((keeper) => keeper.stop()));
    await health?.close();
    await client.connection.close();
    await connection.close();
    await database.destroy();
  }
}

type Common = Pick<WorkerOptions, 'namespace' | 'shutdownGraceTime'> & {
  connection: NativeConnection;
};

function createWorker(queue: string, deps: ActivityDependencies, common: Common): Promise<Worker> {
  const { worker } = deps.config;
  if (queue === 'control') {
    return Worker.create({
      ...common,
      taskQueue: 'control',
      workflowBundle: { codePath: join(__dirname, '..', 'workflow-bundle.js') },
      activities: createLifecycleActivities(deps),
      stickyQueueScheduleToStartTimeout: worker.stickyMs,
    });
  }
  return Worker.create({
    ...common,
    taskQueue: queue,
    activities: createStageActivities(deps),
    // One more than the cores: a stage that finds its result in the cache need not wait for a core.
    maxConcurrentActivityTaskExecutions: worker.cores + 1,
  });
}
