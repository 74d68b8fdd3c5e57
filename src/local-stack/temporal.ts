import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isAnswering } from './answering';
import type { ChildSpec } from './child';

/** The local Temporal of a home: a real server with its UI and a database file. */
export function localTemporal(options: {
  home: string;
  /** The Temporal CLI. */
  binary: string;
  port: number;
  uiPort: number;
  namespace: string;
  /** Further words for `temporal server start-dev`. */
  more?: string[];
}): ChildSpec {
  const { home, binary, port, uiPort, namespace, more = [] } = options;
  // The server makes its file readable to all: the folder is not.
  const folder = join(home, 'temporal');
  return {
    title: 'Temporal',
    command: binary,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
      ...['--ui-port', String(uiPort), '--namespace', namespace],
      ...['--db-filename', join(folder, 'temporal.db')],
      ...['--log-format', 'json', '--log-level', 'warn'],
      ...more,
    ],
    // Nothing of the user's Temporal settings: they are about other servers.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    logFile: join(home, 'logs', 'temporal.log'),
    prepare: async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    },
    stopSignal: 'SIGTERM',
    stopPatienceMs: 15_000,
    isReady: async () => (await isAnswering(port)) && (await isAnswering(uiPort)),
    readyPatienceMs: 120_000,
  };
}
