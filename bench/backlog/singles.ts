import { setTimeout as delay } from 'node:timers/promises';
import { rows, type Database } from '../../src/database/database';
import type { ApiClient } from '../../test/support/apiClient';
import { until as poll } from '../../test/support/poll';
import { textsCsv } from '../../test/support/texts';
import { emit, percentile } from '../support/statistics';

interface Options {
  database: Database;
  client: ApiClient;
  /** Rows of each. */
  rows: number;
  /** How many. */
  singles: number;
  /** Before the first, and between two. */
  everyMs: number;
  /** No further one after this, on the clock of `performance.now()`. */
  until: number;
}

/** One small training after another, while others wait: how long each takes, and where its time goes. */
export async function postSingles(options: Options): Promise<void> {
  const { database, client, singles, everyMs, until } = options;
  const taken: number[] = [];
  const meanwhile = (await othersWaiting(database)) > 0 ? 'others wait' : 'nobody waits';
  for (let i = 0; i < singles && performance.now() + everyMs < until; i++) {
    const content = textsCsv({ rows: options.rows, classes: 3, seed: 5000 + i });
    const upload = await client.upload([{ name: 'train.csv', content }]);
    await delay(everyMs);
    const waiting = await othersWaiting(database);
    const begun = performance.now();
    const model = await client.trainText(`single ${i}, ${meanwhile}`, upload, { cache: 'off' });
    const posted = performance.now() - begun;
    await poll('the single training is complete', () => isComplete(database, model), 600_000);
    const seconds = (performance.now() - begun) / 1000;
    taken.push(seconds);
    const times = await timesOf(database, model);
    emit({ bench: 'backlog, single training', waiting, seconds, posted_ms: posted, ...times });
  }
  if (taken.length === 0) return;
  emit({
    bench: 'backlog, single trainings',
    meanwhile,
    n: taken.length,
    median_s: percentile(taken, 0.5),
    most_s: Math.max(...taken),
  });
}

async function othersWaiting(database: Database): Promise<number> {
  const [counted] = await rows<{ n: number }>(
    database.manager,
    `SELECT count(*)::int AS n FROM model WHERE train_status IN ('not_started', 'starting', 'in_progress')`,
  );
  return counted!.n;
}

async function isComplete(database: Database, model: string): Promise<boolean> {
  const [found] = await rows<{ train_status: string }>(
    database.manager,
    'SELECT train_status FROM model WHERE id = $1',
    [model],
  );
  if (found?.train_status === 'failed') throw new Error('the single training failed');
  return found?.train_status === 'complete';
}

/** Milliseconds from the request to the workflow, and to the work and the end of each stage. */
async function timesOf(database: Database, model: string) {
  const events = await rows<{ what: string; ms: number }>(
    database.manager,
    `SELECT coalesce(event.data ->> 'stage', event.data ->> 'to') || ' ' || type AS what,
       round(extract(epoch FROM event.at - run.created_at) * 1000)::int AS ms
     FROM event JOIN run USING (model_id)
     WHERE model_id = $1 AND type IN ('train_status', 'stage_started', 'stage_published') ORDER BY seq`,
    [model],
  );
  return { after_ms: Object.fromEntries(events.map(({ what, ms }) => [what, ms])) };
}
