import { join } from 'node:path';
import { answers200 } from './answering';
import type { ChildSpec } from './child';
import type { Ports } from './keptPorts';

/** The processes of Trainyard itself, as children: the same program with other words. */
export function processSpecs(options: {
  home: string;
  /** The compiled `cli/main.js`. */
  program: string;
  /** Already says where database, Temporal and the others are. */
  env: NodeJS.ProcessEnv;
  /** Address to ask whether they are ready. */
  host: string;
  ports: Ports;
}): Record<'api' | 'serving' | 'worker', ChildSpec> {
  const { home, program, env, host, ports } = options;
  const spec = (title: string, name: 'api' | 'serving' | 'worker', words: string[]): ChildSpec => ({
    title,
    command: process.execPath,
    args: [program, ...words],
    env,
    logFile: join(home, 'logs', `${name}.log`),
    stopSignal: 'SIGTERM',
    stopPatienceMs: 30_000,
    isReady: () => answers200(`http://${host}:${ports[name]}/ready`),
    readyPatienceMs: 120_000,
  });
  return {
    api: spec('API', 'api', ['api']),
    serving: spec('Serving', 'serving', ['serve']),
    worker: spec('Worker', 'worker', ['worker', '--queue', 'control,cpu']),
  };
}
