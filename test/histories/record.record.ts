/**
 * Makes the golden histories anew: `npm run record-histories`. To be run when a workflow has changed
 * on purpose, with `patched()` where runs of the old one may still be under way.
 */
import { addTinyEncoder, startFromTiny } from '../encoders/encoderRuns';
import { Parts } from '../support/parts';
import type { ApiClient } from '../support/apiClient';
import { textsCsv } from '../support/texts';
import { until } from '../support/poll';
import { recordHistory } from './recordHistories';

jest.setTimeout(10 * 60_000);

let parts: Parts;
let client: ApiClient;

beforeAll(async () => {
  parts = await Parts.start({ parts: ['api', 'worker'] });
  client = await parts.client();
});
afterAll(() => parts.stop());

const small = textsCsv({ rows: 200, classes: 3, seed: 1 });
const large = textsCsv({ rows: 30_000, classes: 20, seed: 2 });

async function post(name: string, content: string, more: Record<string, unknown> = {}) {
  const upload = await client.upload([{ name: 'train.csv', content }]);
  return client.trainText(name, upload, more);
}

test('happy', async () => {
  const model = await post('happy', small);
  await client.waitForStatus(model, 'complete');
  await recordHistory(parts, `train-${model}`, 'happy');
});

test('failed', async () => {
  const model = await post('failed', 'text,label\na,x\nb,x\n');
  await client.waitForStatus(model, 'failed');
  await recordHistory(parts, `train-${model}`, 'failed');
});

test('cancelled, then resumed by a retry', async () => {
  const model = await post('cancelled', small, { train_options: { epochs: 5000 }, cache: 'off' });
  await until('it trains', async () => {
    const { stage } = await client.get<{ stage: string }>(`/api/v2/train/${model}/progress`);
    return stage === 'train';
  });
  await client.post(`/api/v2/train/${model}/cancel`, {});
  await client.waitForStatus(model, 'stopped');
  await recordHistory(parts, `train-${model}`, 'cancelled');
  await client.post(`/api/v2/train/${model}/retry`, {});
  await client.waitForStatus(model, 'complete', 300_000);
  await recordHistory(parts, `train-${model}-2`, 'resumed');
});

test('embedding in shards', async () => {
  await addTinyEncoder((...args) => parts.command(...args));
  // Rows for two shards.
  const content = textsCsv({ rows: 1500, classes: 4, seed: 3 });
  const upload = await client.upload([{ name: 'train.csv', content }]);
  const model = await startFromTiny(client, 'embedded', upload, {});
  await client.waitForStatus(model, 'complete', 300_000);
  await recordHistory(parts, `train-${model}`, 'embedded');
});

test('waiting for what another run is making', async () => {
  const upload = await client.upload([{ name: 'train.csv', content: large }]);
  const [first, second] = await Promise.all([
    client.trainText('first-to-come', upload),
    client.trainText('second-to-come', upload),
  ]);
  const waited = async (model: string) => {
    await client.waitForStatus(model, 'complete', 300_000);
    const { stages } = await client.get<{ stages: { stage: string; cache: string }[] }>(
      `/api/v2/train/${model}/progress`,
    );
    return stages.some(({ cache }) => cache === 'hit');
  };
  const waiter = (await waited(first)) ? first : second;
  expect(await waited(waiter)).toBe(true);
  await recordHistory(parts, `train-${waiter}`, 'cache-wait');
});
