import { join } from 'node:path';
import { answersAs } from './answering';
import type { ChildSpec } from './child';

/** The processes of Trainyard itself, as children: the same program with other words. */
export function processSpecs(options: {
  home: string;
  /** The compiled `cli/main.js`. */
  program: string;
  /** Already says where database, Temporal and the others are. */
  env: NodeJS.ProcessEnv;
  /** Addresses at which they answer. */
  urls: Record<'api' | 'serving' | 'worker', string>;
  /** See `installationId`. */
  installation: string;
}): Record<'api' | 'serving' | 'worker', ChildSpec> {
  const { home, program, env, urls, installation } = options;
  const spec = (title: string, name: 'api' | 'serving' | 'worker', words: string[]): ChildSpec => ({
    title,
    command: process.execPath,
    args: [program, ...words],
    env,
    logFile: join(home, 'logs', `${name}.log`),
    stopSignal: 'SIGTERM',
    stopPatienceMs: 30_000,
    isReady: () => answersAs(`${urls[name]}/ready`, installation),
    isAlive: () => answersAs(`${urls[name]}/health`, installation),
    readyPatienceMs: 120_000,
  });
  return {
    api: spec('API', 'api', ['api']),
    serving: spec('Serving', 'serving', ['serve']),
    worker: spec('Worker', 'worker', ['worker']),
  };
}
