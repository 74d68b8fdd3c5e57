import { Client, Connection } from '@temporalio/client';
import { textsCsv } from '../../test/support/texts';
import type { Platform } from '../support/platform';
import { emit, latency, timed } from '../support/statistics';

const runs = 40;

/** POST /train/nlp-text beside a bare start of a workflow that no worker takes, in turn. */
export async function startLatency({ client, stack }: Platform): Promise<void> {
  const connection = await Connection.connect({ address: stack.temporalAddress! });
  const temporal = new Client({ connection });
  const content = textsCsv({ rows: 30, classes: 2, seed: 5 });
  const upload = await client.upload([{ name: 'train.csv', content }]);
  const posts: number[] = [];
  const starts: number[] = [];
  for (let run = 0; run < runs; run++) {
    let model = '';
    posts.push(await timed(async () => (model = await client.trainText(`start-${run}`, upload))));
    await client.waitForStatus(model, 'complete');
    const options = { workflowId: `bare-${run}`, taskQueue: 'nobody', args: [] };
    starts.push(await timed(() => temporal.workflow.start('nothing', options)));
    await temporal.workflow.getHandle(`bare-${run}`).terminate();
  }
  await connection.close();
  emit({ bench: 'POST /train/nlp-text', ...latency(posts) });
  emit({ bench: 'bare client.workflow.start', ...latency(starts) });
}
