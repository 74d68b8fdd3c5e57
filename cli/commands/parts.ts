import type { Command } from 'commander';
import { TrainyardError } from '../../src/errors';
import { loadConfig } from '../../src/config';
import { attached } from '../../src/local-stack';

/** `trainyard api`, `serve` and `worker`: the parts, each alone, on as many machines as you like. */
export function registerParts(program: Command): void {
  program
    .command('api')
    .description('run the API alone')
    .action(async () => {
      const config = attached(loadConfig());
      const { runApi } = await import('../../api/main.js');
      await runApi(config);
    });
  program
    .command('serve')
    .description('run the serving of deployed models alone')
    .action(async () => {
      const config = attached(loadConfig());
      const { runServing } = await import('../../src/serving/main.js');
      await runServing(config);
    });
  program
    .command('worker')
    .description('run a worker alone')
    .option(
      '--queue <names>',
      'what it takes: control (workflows), cpu (stages), or others that kinds of model have; default all',
    )
    .action(async ({ queue }: { queue?: string }) => {
      const { allQueues, runWorker } = await import('../../activities/worker.js');
      const taken = queue === undefined ? allQueues() : parseQueues(queue, allQueues());
      await runWorker(attached(loadConfig()), taken);
    });
}

function parseQueues(text: string, known: readonly string[]): string[] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.filter((name) => !known.includes(name));
  if (wrong.length === 0) return names;
  throw new TrainyardError(
    'config',
    'unknown_queue',
    `--queue names "${wrong.join(', ')}", allowed are ${known.join(', ')}`,
  );
}
