import type { Command } from 'commander';
import { describeConfig, loadConfig, unknownVariables } from '../../src/config';

/** `trainyard config`: the effective settings. */
export function registerConfig(program: Command): void {
  program
    .command('config')
    .description('print the effective settings, without secrets')
    .action(() => {
      const shown = Object.entries(describeConfig(loadConfig()));
      const width = Math.max(...shown.map(([name]) => name.length));
      for (const [name, value] of shown) {
        process.stdout.write(`${name.padEnd(width)}  ${value}\n`);
      }
      for (const name of unknownVariables(process.env)) {
        process.stderr.write(`${name} is set, but nothing reads it: is it misspelt?\n`);
      }
    });
}
