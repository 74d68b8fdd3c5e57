#!/usr/bin/env node
import { Command } from 'commander';
import { registerAdminLink } from './commands/adminLink';
import { registerConfig } from './commands/config';
import { registerDemo } from './commands/demo';
import { registerEncoders } from './commands/encoders';
import { registerParts } from './commands/parts';
import { registerPasswordLink } from './commands/passwordLink';
import { registerSetup } from './commands/setup';
import { registerUp } from './commands/up';
import { registerVerify } from './commands/verify';
import { reportFailure } from './reportFailure';
import { tolerateOutput } from './tolerateOutput';
import { version } from '../package.json';

// ONNX Runtime, loaded later, reports to its makers unless it is told not to.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

/** Each command registers itself; loading what it needs waits until it runs. */
const commands = [
  registerUp,
  registerParts,
  registerSetup,
  registerAdminLink,
  registerPasswordLink,
  registerConfig,
  registerDemo,
  registerVerify,
  registerEncoders,
];

tolerateOutput(process.stdout);
tolerateOutput(process.stderr);

const program = new Command('trainyard')
  .description('Trains models for people who call a REST API.')
  .version(version);
for (const register of commands) register(program);

program.parseAsync().catch(reportFailure);
