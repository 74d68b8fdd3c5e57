import type { Command } from 'commander';
import { loadConfig } from '../../src/config';
import { run, Supervisor } from '../../src/local-stack';
import { welcome } from '../welcome';

/** `trainyard up`: everything on this machine, until it is told to stop. */
export function registerUp(program: Command): void {
  program
    .command('up')
    .description('run the whole platform on this machine')
    .action(async () => {
      const config = loadConfig();
      const supervisor = new Supervisor({
        config,
        env: process.env,
        program: process.argv[1]!,
        progress: say,
      });
      const stopped = untilStopped(supervisor);
      const stack = await supervisor.start();
      say(welcome(config, stack, await signIn()));
      await stopped;
      process.exit(0);
    });
}

/** Asked of a process of its own, so that this one holds no database connection for good. */
async function signIn(): Promise<string> {
  const { output } = await run(process.execPath, [process.argv[1]!, 'admin-link'], {
    patienceMs: 60_000,
  });
  return output.trim();
}

/**
 * Resolves when a signal has stopped everything. A second signal ends it at once.
 */
function untilStopped(supervisor: Supervisor): Promise<void> {
  return new Promise((resolve, reject) => {
    let asked = false;
    const onSignal = (): void => {
      if (asked) {
        supervisor.kill();
        process.exit(1);
      }
      asked = true;
      say('stopping; once more ends everything at once');
      supervisor.stop().then(() => {
        say('stopped');
        resolve();
      }, reject);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
