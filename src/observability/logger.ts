import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../config';
import { LogDestination } from './logDestination';

export type { Logger } from 'pino';

/** Names under which secrets travel; at the top of a record and one or two objects deep. */
const secretNames = [
  'password',
  'secret',
  'token',
  'access_token',
  'authorization',
  'cookie',
  'apiKey',
  'api_key',
  '["x-api-key"]',
];

let standardOutput: LogDestination | undefined;

/**
 * The log of one process: JSON lines on standard output. Values named like secrets are replaced, and
 * errors keep their message, code and stack. What standard output does not take in time is dropped,
 * and how many lines that were is logged once it takes them again.
 * @param part which process writes: `api`, `serving`, `worker`
 */
export function createLogger(
  part: string,
  level: LogLevel = 'info',
  destination?: DestinationStream,
): Logger {
  const options = {
    level,
    base: { part, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: pino.stdSerializers.err, err: pino.stdSerializers.err },
    redact: { paths: secretNames.flatMap(pathsOf), censor: '(not shown)' },
  };
  if (destination !== undefined) return pino(options, destination);
  standardOutput ??= new LogDestination(1);
  const logger = pino(options, standardOutput);
  standardOutput.onRecovery((dropped) => {
    logger.warn({ dropped }, 'log lines were dropped: the disk was full or slow');
  });
  return logger;
}

function pathsOf(name: string): string[] {
  const after = name.startsWith('[') ? name : `.${name}`;
  return [name, `*${after}`, `*.*${after}`];
}
