import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, TrainyardError } from '../errors';
import type { Logger } from '../observability';

/** How long the parts that we need may take to come up after us. */
const patienceMs = 120_000;
const everyMs = 1_000;

/**
 * Tries until it works, for what may come up after us; gives up at once when the configuration is
 * what is wrong.
 * @throws TrainyardError `not_reachable` after two minutes
 */
export async function untilReachable<T>(
  what: string,
  logger: Pick<Logger, 'info'>,
  attempt: () => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof TrainyardError) throw error;
      const reason = messageOf(error);
      if (performance.now() > deadline) throw silent(what, reason);
      logger.info({ reason }, `waiting for ${what}`);
      await pause(everyMs);
    }
  }
}

function silent(what: string, reason: string): TrainyardError {
  return new TrainyardError(
    'infrastructure',
    'not_reachable',
    `${what} could not be used within ${patienceMs / 1000} s: ${reason}; look at its address, and run \`trainyard migrate\` if tables are missing`,
    500,
  );
}
