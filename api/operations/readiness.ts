import { Readiness } from '../../src/observability';
import type { ApiDependencies } from '../dependencies';

const timeoutMs = 2_000;

/** What the API needs to do all of its work. */
export function readinessOf({
  config,
  database,
  store,
  temporal,
  logger,
}: ApiDependencies): Readiness {
  const { connection } = temporal;
  return new Readiness(
    {
      database: () => database.query('SELECT 1'),
      temporal: () =>
        connection.withDeadline(Date.now() + timeoutMs, () =>
          connection.workflowService.getSystemInfo({}),
        ),
      artifacts: () => store.size('health/probe'),
      serving: () => answers(`${config.serving.url}/ready`),
    },
    logger,
    { timeoutMs },
  );
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  await response.body?.cancel();
  return response.ok;
}
