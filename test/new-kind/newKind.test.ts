import { unzip } from '../conformance/unzip';
import { person } from '../conformance/wire';
import type { ApiError, ApiClient } from '../support/apiClient';
import { Parts } from '../support/parts';
import { until } from '../support/poll';
import { allocationsBelow } from '../support/processes';
import { programWithKind } from './register';

jest.setTimeout(5 * 60_000);

/** A kind of model that the platform has no word about: it is defined below this folder. */
let parts: Parts;
let client: ApiClient;
let removeProgram: () => void;
let upload: string;

const rows = Array.from({ length: 20 }, (_, i) => [
  `short ${i},short`,
  `a text that is a good deal longer ${i},long`,
]);
const csv = ['text,label', ...rows.flat()].join('\n');

beforeAll(async () => {
  const built = await programWithKind();
  removeProgram = () => built.remove();
  parts = await Parts.start({ program: built.program });
  client = await parts.client();
  upload = await client.upload([{ name: 'rows.csv', content: csv }]);
});
afterAll(async () => {
  await parts?.stop();
  removeProgram?.();
});

async function train(name: string, more: object = {}): Promise<string> {
  const body = {
    model_name: name,
    data: { supervised_files: [{ path: upload, location: 'upload' }] },
    ...more,
  };
  return (await client.post<{ model_id: string }>('/api/v2/train/mean-length', body)).model_id;
}

async function trained(name: string, more: object = {}): Promise<string> {
  const model = await train(name, more);
  await client.waitForStatus(model, 'complete');
  return model;
}

async function idOf(name: string): Promise<string> {
  const models = await client.get<{ model_id: string; model_name: string }[]>('/api/v2/model/list');
  return models.find((model) => model.model_name === name)!.model_id;
}

async function means(model: string): Promise<string> {
  const response = await client.fetch(`/api/v2/model/${model}/download`);
  const files = await unzip(Buffer.from(await response.arrayBuffer()));
  return [...files].find(([path]) => path.endsWith('means.json'))![1].toString();
}

const stagesOf = async (model: string) =>
  (
    await client.get<{ stages: { stage: string; state: string; cache: string | null }[] }>(
      `/api/v2/train/${model}/progress`,
    )
  ).stages;

test('it is trained, measured and described in a report of its own', async () => {
  const model = await trained('first');
  expect(await client.get(`/api/v2/train/${model}/report`)).toEqual({
    accuracy: 1,
    worst: null,
    steps: ['extract', 'measure', 'train', 'evaluate'],
  });
  const page = await client.fetch(`/api/v2/train/${model}/report.html`);
  expect(await page.text()).toContain('<h1>Mean lengths</h1>');
  expect(await means(model)).toMatch(/"label":"long","mean":3\d.*"label":"short","mean":7\.5/);
});

test('deployed, it answers what it declares, and counts what it found', async () => {
  const model = await idOf('first');
  await client.deploy(model);
  const texts = ['tiny', 'something that is quite a bit longer than that'];
  expect(await client.post(`/${model}/nearest`, { texts })).toMatchObject({
    status: 'success',
    data: { labels: ['short', 'long'] },
  });
  await expect(client.post(`/${model}/nearest`, { texts: 7 })).rejects.toThrow('422');
  await expect(client.predict(model, { text: 'tiny' })).rejects.toThrow('404');
  expect(await client.get(`/${model}/stats`)).toMatchObject({
    data: { total: { tokens_identified: 2, queries_ingested: 2 } },
  });
});

test('what changes the deployed model is for those who may write', async () => {
  const model = await idOf('first');
  const texts = ['x'.repeat(500)];
  const huge = { label: 'huge', text: 'y'.repeat(490) };
  const reader = await person(parts, 'reader');
  await client.post(`/api/v2/model/${model}/access`, { access: 'public' });
  const labelsSeen = () => reader.post(`/${model}/nearest`, { texts });
  expect(await labelsSeen()).toMatchObject({ data: { labels: ['long'] } });
  await expect(reader.post(`/${model}/tell`, huge)).rejects.toThrow('401');
  expect(await labelsSeen()).toMatchObject({ data: { labels: ['long'] } });
  expect(await client.post(`/${model}/tell`, huge)).toMatchObject({ data: { labels: 3 } });
  expect(await labelsSeen()).toMatchObject({ data: { labels: ['huge'] } });
  await client.post(`/api/v2/model/${model}/default-permission`, { permission: 'write' });
  expect(await reader.post(`/${model}/tell`, huge)).toMatchObject({ data: { labels: 4 } });
});

test('the API describes how it is asked for and what it answers', async () => {
  const { paths } = await client.get<{ paths: Record<string, { post?: { summary: string } }> }>(
    '/openapi.json',
  );
  const posts = Object.entries(paths).map(([path, { post }]) => `${path}: ${post?.summary}`);
  expect(posts).toContain('/train/mean-length: Train a classifier by length');
  expect(posts).toContain('/{deployment}/nearest: Labels by length');
});

test('its results are cached by what its stages depend on', async () => {
  const model = await trained('second');
  const cache = Object.fromEntries((await stagesOf(model)).map((row) => [row.stage, row.cache]));
  expect(cache).toMatchObject({ extract: 'hit', measure: 'hit', train: null, evaluate: null });
  expect(await means(model)).toBe(await means(await idOf('first')));
});

test('verify trains it again and finds the same bytes', async () => {
  const output = await parts.command('verify', await idOf('first'));
  expect(output).toMatch(/same +measure-1\/mean\.json/);
  expect(output).toMatch(/same +train\/model\/means\.json/);
  expect(output).toMatch(/all \d+ files are the same/);
});

test('a training goes on from a base model of its kind, with its options', async () => {
  const base_model_id = await idOf('first');
  const another = await client.upload([
    { name: 'more.csv', content: 'text,label\nmiddling length,middle\nm,tiny' },
  ]);
  const model = await trained('from-base', {
    base_model_id,
    data: { supervised_files: [{ path: another, location: 'upload' }] },
  });
  for (const label of ['middle', 'tiny', 'short', 'long']) {
    expect(await means(model)).toContain(`"label":"${label}"`);
  }
  const text = client.trainText('of-another-kind', upload, { base_model_id, model_options: null });
  await expect(text).rejects.toThrow('base model has type mean-length');
});

test('what its recipe finds wrong ends the training with the reason', async () => {
  const same = await client.upload([{ name: 's.csv', content: 'text,label\nab,a\ncd,b' }]);
  const model = await train('same-lengths', {
    data: { supervised_files: [{ path: same, location: 'upload' }] },
  });
  const { errors } = await client.waitForStatus(model, 'failed');
  expect(errors.join()).toContain('the texts of all labels are equally long on average');
  const refused = train('').catch((error: unknown) => (error as ApiError).body);
  expect(await refused).toContain('unable to start mean-length training');
});

test('stopped and tried again it goes on from its checkpoint', async () => {
  const model = await train('stopped', { train_ms: 20_000 });
  await checkpointOf(model);
  await client.post(`/api/v2/train/${model}/cancel`, {});
  await client.waitForStatus(model, 'stopped');
  const { stages } = await client.post<{ stages: { stage: string; reuse: string }[] }>(
    `/api/v2/train/${model}/retry`,
    {},
  );
  expect(stages.map(({ stage, reuse }) => [stage, reuse])).toEqual([
    ['extract', 'all'],
    ['measure', 'from checkpoint'],
    ['train', 'from checkpoint'],
    ['evaluate', 'none'],
  ]);
  await client.post(`/api/v2/train/${model}/cancel`, {});
  await client.waitForStatus(model, 'stopped');
});

test('killed with its worker in the middle of its work it gives the same bytes', async () => {
  const model = await train('killed', { train_ms: 10_000 });
  await checkpointOf(model);
  await parts.kill('worker');
  for (const { pid } of allocationsBelow(parts.home)) process.kill(pid, 'SIGKILL');
  await parts.startPart('worker');
  await client.waitForStatus(model, 'complete');
  expect(await means(model)).toBe(await means(await idOf('first')));
});

async function checkpointOf(model: string): Promise<void> {
  await until('there is a checkpoint', async () => {
    const { stages } = await client.get<{
      stages: { stage: string; checkpoint_step: number | null }[];
    }>(`/api/v2/train/${model}/progress`);
    return stages.some((row) => row.stage === 'train' && (row.checkpoint_step ?? 0) > 0);
  });
}
