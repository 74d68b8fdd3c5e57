import { connectDatabase } from '../../src/database/database';
import { textsCsv } from '../../test/support/texts';
import type { Platform } from '../support/platform';
import { emit, latency, timed } from '../support/statistics';

const requests = 2000;

/** GET …/status while two trainings keep two cores busy, beside a SELECT through such a pool. */
export async function statusLatency({ client, stack }: Platform): Promise<void> {
  const content = textsCsv({ rows: 6000, classes: 20, seed: 9 });
  const upload = await client.upload([{ name: 'train.csv', content }]);
  const busy = await Promise.all(
    ['left', 'right'].map((name) =>
      client.trainText(`busy-${name}`, upload, { cache: 'off', train_options: { epochs: 3000 } }),
    ),
  );
  for (const model of busy) await untilTraining({ client, model });
  const database = await connectDatabase({ url: stack.databaseUrl });
  const [model] = busy as [string, string];
  const replies: number[] = [];
  const selects: number[] = [];
  for (let request = 0; request < requests; request++) {
    replies.push(await timed(() => client.trainStatus(model)));
    selects.push(
      await timed(() => database.query('SELECT train_status FROM model WHERE id = $1', [model])),
    );
  }
  await database.destroy();
  for (const each of busy) await client.post(`/api/v2/train/${each}/cancel`, {});
  for (const each of busy) await client.waitForStatus(each, 'stopped');
  emit({ bench: 'GET /train/{id}/status under two trainings', ...latency(replies) });
  emit({ bench: 'bare SELECT through a pool, in the same loop', ...latency(selects) });
}

async function untilTraining({ client, model }: { client: Platform['client']; model: string }) {
  for (;;) {
    const { stage } = await client.get<{ stage: string }>(`/api/v2/train/${model}/progress`);
    if (stage === 'train') return;
  }
}
