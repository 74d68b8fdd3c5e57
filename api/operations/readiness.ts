import { messageOf, TrainyardError } from '../../src/errors';
import type { ApiDependencies } from '../dependencies';

/** How long each part has to answer. */
const patienceMs = 2_000;

/** @throws TrainyardError 503 naming each part that does not answer */
export async function assertReady(deps: ApiDependencies): Promise<void> {
  const checks: Record<string, Promise<unknown>> = {
    database: deps.database.query('SELECT 1'),
    temporal: deps.temporal.connection.withDeadline(Date.now() + patienceMs, () =>
      deps.temporal.connection.workflowService.getSystemInfo({}),
    ),
    'artifact store': deps.store.size('health/probe'),
  };
  const silent: string[] = [];
  await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const reason = await failureOf(check);
      if (reason === undefined) return;
      silent.push(name);
      deps.logger.warn({ check: name, reason }, 'not ready');
    }),
  );
  if (silent.length === 0) return;
  const message = `not ready: no answer from ${silent.sort().join(', ')}`;
  throw new TrainyardError('infrastructure', 'not_ready', message, 503);
}

async function failureOf(check: Promise<unknown>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer in ${patienceMs} ms`), patienceMs);
  });
  const outcome = check.then(
    () => undefined,
    (error: unknown) => messageOf(error),
  );
  try {
    return await Promise.race([outcome, late]);
  } finally {
    clearTimeout(timer);
  }
}
