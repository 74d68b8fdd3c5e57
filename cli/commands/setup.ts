import type { Command } from 'commander';
import { loadConfig } from '../../src/config';
import { attached, setupTemporal } from '../../src/local-stack';

/** `trainyard migrate` and `trainyard setup`: what must be done once before the parts run. */
export function registerSetup(program: Command): void {
  program
    .command('migrate')
    .description('bring the database schema to the newest version')
    .action(async () => {
      const { url } = attached(loadConfig()).database;
      const { migrate } = await import('../../src/database/migrate.js');
      const { migrations } = await import('../../migrations/index.js');
      const ran = await migrate({ url, migrations });
      say(ran.length === 0 ? 'the schema is up to date' : `ran ${ran.join(', ')}`);
    });
  program
    .command('setup')
    .description("prepare Temporal: the namespace's retention and the search attributes")
    .action(async () => {
      const { temporal } = attached(loadConfig());
      await setupTemporal(temporal, say);
      say(`the namespace "${temporal.namespace}" is ready`);
    });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
