import {
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  type LogLevel,
} from '@temporalio/worker';
import type { Logger } from 'pino';

const levels = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const;

/**
 * Sends what the Temporal SDK and its native core log into our log. Call it once in a process, before
 * the first connection or worker; it loads the native SDK, so only workers import it. Signals stay
 * with the process, which stops its parts in order.
 */
export function forwardTemporalLogs(logger: Logger): void {
  const log = new DefaultLogger('DEBUG', ({ level, message, meta }) => {
    logger[levels[level]]({ ...meta, from: 'temporal' }, message);
  });
  Runtime.install({
    logger: log,
    shutdownSignals: [],
    telemetryOptions: {
      logging: {
        forward: {},
        filter: makeTelemetryFilterString({ core: coreLevel(logger.level) }),
      },
    },
  });
}

/** The core speaks of each poll below WARN: let through only when asked for everything. */
function coreLevel(level: string): LogLevel {
  return level === 'trace' ? 'DEBUG' : 'WARN';
}
