import { InvalidArgumentError, type Command } from 'commander';
import { loadConfig } from '../../src/config';
import { attached } from '../../src/local-stack';

const queues = ['control', 'cpu'] as const;
type Queue = (typeof queues)[number];

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
    .option('--queue <names>', `what it takes, of ${queues.join(', ')}`, parseQueues, [...queues])
    .action(async ({ queue }: { queue: Queue[] }) => {
      const config = attached(loadConfig());
      const { runWorker } = await import('../../activities/worker.js');
      await runWorker(config, queue);
    });
}

function parseQueues(text: string): Queue[] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.filter((name) => !(queues as readonly string[]).includes(name));
  if (wrong.length === 0) return names as Queue[];
  throw new InvalidArgumentError(`"${wrong.join(', ')}" is not among ${queues.join(', ')}.`);
}
