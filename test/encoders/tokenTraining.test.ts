import type { ApiClient } from '../support/apiClient';
import { Parts } from '../support/parts';
import { addTinyEncoder, filesOf } from './encoderRuns';
import { killAtWork, stepsDone, strikeAt } from './encoderStrikes';

jest.setTimeout(5 * 60_000);

const names = ['ana', 'bob', 'carl', 'dora', 'emil', 'fay', 'gus', 'hana'];

function csv(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const name = names[i % names.length]!;
    return i % 2 === 0 ? `${name} was in town ${i},NAME O O O O` : `who saw ${name} ?,O O NAME O`;
  });
  return ['source,target', ...lines].join('\n');
}

let parts: Parts;
let client: ApiClient;

beforeAll(async () => {
  parts = await Parts.start({ env: { TRAINYARD_CORES: '2' } });
  client = await parts.client();
  await addTinyEncoder((...args) => parts.command(...args));
});
afterAll(() => parts?.stop());

async function start(name: string, rows: number, model: object, more: object): Promise<string> {
  const path = await client.upload([{ name: 'rows.csv', content: csv(rows) }]);
  const columns = { source_column: 'source', target_column: 'target', target_labels: ['NAME'] };
  const reply = await client.post<{ model_id: string }>('/api/v2/train/nlp-token', {
    model_name: name,
    data: { supervised_files: [{ path, location: 'upload' }] },
    model_options: { ...columns, encoder: 'tiny', ...model },
    ...more,
  });
  return reply.model_id;
}

interface Predicted {
  data: { prediction_results: { spans: { tag: string; start: number; end: number }[] } };
}

test('a token classifier on a frozen encoder is trained in shards, deployed and asked', async () => {
  const model = await start('frozen', 1500, {}, {});
  await client.waitForStatus(model, 'complete');
  const { stages } = await client.get<{ stages: { stage: string }[] }>(
    `/api/v2/train/${model}/progress`,
  );
  expect(stages.map(({ stage }) => stage)).toContain('embed');
  await client.deploy(model);
  const { data } = await client.predict<Predicted>(model, { text: 'who saw  hana ?' });
  expect(data.prediction_results.spans).toMatchObject([{ tag: 'NAME', start: 9, end: 13 }]);
  const page = await client.fetch(`/api/v2/train/${model}/report.html`);
  expect(await page.text()).toContain('<h2>Encoder</h2>');
});

test('one fine-tuned whole comes to the same bytes when its worker is killed', async () => {
  const full = { training: 'full' };
  // Small steps: some ten seconds and more before validation gets no better.
  const more = { train_options: { epochs: 4, batch_size: 2 }, cache: 'off' };
  const calm = await filesOf(client, await start('calm', 1500, full, more));
  const model = await start('killed', 1500, full, more);
  await strikeAt(client, model, { share: 0.25, workOf: stepsDone, needsCheckpoint: true }, () =>
    killAtWork('worker', parts.home, async () => {
      await parts.kill('worker');
      await parts.startPart('worker');
    }),
  );
  expect(await filesOf(client, model)).toEqual(calm);
});

test('what cannot be done with an encoder is told before anything starts', async () => {
  const wrong = start('wrong', 10, { encoder: 'none', training: 'whole' }, {});
  await expect(wrong).rejects.toThrow('training is "whole", allowed are');
  const model = await start('base', 40, {}, {});
  await client.waitForStatus(model, 'complete');
  const next = client.post('/api/v2/train/nlp-token', {
    model_name: 'next',
    base_model_id: model,
    data: {
      supervised_files: [
        { path: await client.upload([{ name: 'r.csv', content: csv(10) }]), location: 'upload' },
      ],
    },
  });
  await expect(next).rejects.toThrow('the base model was trained from an encoder');
});
