import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { answers200, isAnswering } from '../supervision/answering';
import type { ChildSpec } from '../supervision/child';

/**
 * Dynamic configuration of the local server. `docker/temporal-dynamicconfig.yaml` says the same of the
 * queues for the server in containers.
 */
export const serverSettings: Readonly<Record<string, unknown>> = {
  // Without it the server ignores the priority and fairness keys of workflows and activities.
  'matching.enableFairness': true,
  // Order is kept within a partition only, and one is enough for a machine.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // The HTTP API cannot be turned off, and any web page could write to it. No Host header holds a slash.
  'frontend.httpAllowedHosts': ['/'],
};

/** The local Temporal of a home: a real server with a database file. */
export function localTemporal(options: {
  home: string;
  /** The Temporal CLI. */
  binary: string;
  port: number;
  /** Of its web page; undefined: it runs without one. */
  uiPort: number | undefined;
  namespace: string;
  /** Further dynamic configuration. */
  more?: Readonly<Record<string, unknown>>;
}): ChildSpec {
  const { home, binary, port, uiPort, namespace, more = {} } = options;
  // The server makes its file readable to all: the folder is not.
  const folder = join(home, 'temporal');
  const dynamic = Object.entries({ ...serverSettings, ...more }).flatMap(([key, value]) => [
    '--dynamic-config-value',
    `${key}=${JSON.stringify(value)}`,
  ]);
  return {
    title: 'Temporal',
    command: binary,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
      ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
      ...['--namespace', namespace, '--db-filename', join(folder, 'temporal.db')],
      ...['--log-format', 'json', '--log-level', 'warn'],
      ...dynamic,
    ],
    // Nothing of the user's Temporal settings: they are about other servers.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    logFile: join(home, 'logs', 'temporal.log'),
    prepare: async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    },
    stopSignal: 'SIGTERM',
    stopPatienceMs: 15_000,
    isReady: async () =>
      (await answersCalls(port)) &&
      (uiPort === undefined || (await answers200(`http://127.0.0.1:${uiPort}/healthz`))),
    isAlive: () => answersCalls(port),
    readyPatienceMs: 120_000,
  };
}

/** Whether the frontend answers a call; an open port says nothing, as a frozen process has one too. */
async function answersCalls(port: number): Promise<boolean> {
  if (!(await isAnswering(port))) return false;
  const address = `127.0.0.1:${port}`;
  const connection = Connection.lazy({ address, connectTimeout: '5s', interceptors: [] });
  try {
    await connection.ensureConnected();
    return true;
  } finally {
    await connection.close();
  }
}
