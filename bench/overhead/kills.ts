import { setTimeout as delay } from 'node:timers/promises';
import { readStack } from '../../src/local-stack/stackFile';
import { textsCsv } from '../../test/support/texts';
import type { Platform } from '../support/platform';
import { emit } from '../support/statistics';

const clients = 8;
const kills = 3;
const betweenMs = 5000;

/** Predictions of eight clients while a process is killed three times: how many fail, and the slowest. */
export async function predictionsUnderKills({ client, home }: Platform): Promise<void> {
  const content = textsCsv({ rows: 200, classes: 3, seed: 7 });
  const upload = await client.upload([{ name: 'train.csv', content }]);
  const model = await client.trainText('killed', upload, { deploy_when_complete: true });
  await client.waitForStatus(model, 'complete');
  await client.deploy(model);
  for (const victim of ['serving', 'postgres']) {
    let asking = true;
    let answered = 0;
    const failed: Record<string, number> = {};
    let slowest = 0;
    const ask = async (): Promise<void> => {
      while (asking) {
        const begun = performance.now();
        try {
          await client.predict(model, { text: 'a text like any other' });
          answered++;
        } catch (error) {
          const reason = String(error).slice(0, 100);
          failed[reason] = (failed[reason] ?? 0) + 1;
        }
        slowest = Math.max(slowest, performance.now() - begun);
      }
    };
    const asked = Array.from({ length: clients }, ask);
    for (let kill = 0; kill < kills; kill++) {
      await delay(betweenMs);
      process.kill(readStack(home)!.children[victim]!.pid, 'SIGKILL');
    }
    await delay(betweenMs);
    asking = false;
    await Promise.all(asked);
    emit({
      bench: 'predictions under kills',
      victim,
      kills,
      answered,
      failed,
      slowest_ms: slowest,
    });
  }
}
