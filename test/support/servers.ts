import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedPostgres } from '../../src/local-stack/postgres/postgres';
import { freePort } from '../../src/local-stack/ports';
import { SupervisedChild } from '../../src/local-stack/supervision/supervisedChild';
import { localTemporal } from '../../src/local-stack/temporal/temporal';
import { temporalBinary } from '../../src/local-stack/temporal/temporalBinary';
import { until } from './poll';
import { goFirst, killTree, processesBelow } from './processes';

/**
 * One PostgreSQL and one Temporal for a whole test run, as a process of its own: it ends, and takes
 * them and their files along, when its standard input closes, be it that the test run ended or died.
 * Once both answer it prints one line of JSON (`SharedServers`).
 */
export interface SharedServers {
  /** Scratch folder of the run, removed at its end; other users may pass through it. */
  folder: string;
  databaseUrl: string;
  temporalAddress: string;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function serve(): Promise<void> {
  goFirst(process.pid);
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-test-'));
  // PostgreSQL does not run as root: its user must be able to pass.
  chmodSync(folder, 0o755);
  const home = join(folder, 'servers');
  mkdirSync(home, { mode: 0o711 });
  const [port, postgresPort, uiPort] = [await freePort(), await freePort(), await freePort()];
  const postgres = embeddedPostgres({ home, port: postgresPort, progress: say, durable: false });
  const temporal = localTemporal({
    home,
    binary: await temporalBinary(say),
    port,
    uiPort,
    namespace: 'default',
    // Each test file has a namespace of its own: known everywhere at once, not after seconds.
    // Workflows go on as new ones early enough for a test to see it.
    more: {
      'system.namespaceCacheRefreshInterval': '200ms',
      'limit.historyCount.suggestContinueAsNew': 400,
    },
  });
  const children = Object.entries({ postgres: postgres.spec, temporal }).map(
    ([name, spec]) =>
      // Tests freeze what they like for as long as they like.
      new SupervisedChild({
        name,
        spec,
        progress: say,
        onChange: () => undefined,
        silenceMs: 3_600_000,
      }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.stop()));
    // What a test run that was killed could not end itself.
    await until('nothing of this run is left', async () => {
      const left = process.platform === 'linux' ? processesBelow(folder) : [];
      await Promise.all(left.map(({ pid }) => killTree(pid)));
      return left.length === 0;
    });
    rmSync(postgres.spec.cwd!, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
    process.exit();
  };
  process.stdin.resume().once('end', () => void stop());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void stop());
  try {
    await Promise.all(children.map((child) => child.start()));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
    return stop();
  }
  const servers: SharedServers = {
    folder,
    databaseUrl: postgres.url,
    temporalAddress: `127.0.0.1:${port}`,
  };
  process.stdout.write(`${JSON.stringify(servers)}\n`);
}

void serve();
