#!/usr/bin/env node
import { Command } from 'commander';
import { registerConfig } from './commands/config';
import { registerParts } from './commands/parts';
import { registerSetup } from './commands/setup';
import { registerUp } from './commands/up';
import { reportFailure } from './reportFailure';
import { version } from '../package.json';

/** Each command registers itself; loading what it needs waits until it runs. */
const commands = [registerUp, registerParts, registerSetup, registerConfig];

const program = new Command('trainyard')
  .description('Trains models for people who call a REST API.')
  .version(version);
for (const register of commands) register(program);

program.parseAsync().catch(reportFailure);
