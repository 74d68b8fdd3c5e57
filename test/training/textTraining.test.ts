import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Parts } from '../support/parts';
import { textsCsv } from '../support/texts';
import type { ApiClient } from '../support/apiClient';

jest.setTimeout(180_000);

let parts: Parts;
let client: ApiClient;

beforeAll(async () => {
  parts = await Parts.start();
  client = await parts.client();
});
afterAll(() => parts.stop());

const csv = textsCsv({ rows: 400, classes: 4, seed: 1 });

interface Prediction {
  status: string;
  data: { prediction_results: { predicted_classes: { class: string; score: number }[] } };
}

test('a CSV posted over REST becomes a model that answers', async () => {
  const upload = await client.upload([{ name: 'train.csv', content: csv }]);
  const model = await client.trainText('first', upload);
  await client.waitForStatus(model, 'complete');
  const report = await client.get<{
    scores: { accuracy: number };
    stages: { stage: string; cache: string }[];
    holdout: { kind: string; rows: number };
  }>(`/api/v2/train/${model}/report`);
  expect(report.scores.accuracy).toBeGreaterThan(0.8);
  expect(report.holdout.kind).toBe('holdout');
  await client.deploy(model);
  const [first, label] = csv.split('\n')[1]!.split(',') as [string, string];
  const answer = await client.predict<Prediction>(model, { text: first, top_k: 2 });
  expect(answer.status).toBe('success');
  expect(answer.data.prediction_results.predicted_classes[0]!.class).toBe(label);
  expect(answer.data.prediction_results.predicted_classes).toHaveLength(2);
});

test('the same rows in two files hit the preprocessing cache, and the bytes are the same', async () => {
  const lines = csv.trimEnd().split('\n');
  const [head, ...rows] = lines as [string, ...string[]];
  const part = (from: number, to?: number) => [head, ...rows.slice(from, to)].join('\n');
  const upload = await client.upload([
    { name: 'a.csv', content: part(0, 200) },
    { name: 'b.csv', content: part(200) },
  ]);
  const model = await client.trainText('two-files', upload);
  await client.waitForStatus(model, 'complete');
  const { stages } = await client.get<{ stages: { stage: string; cache: string }[] }>(
    `/api/v2/train/${model}/progress`,
  );
  const cache = Object.fromEntries(stages.map((stage) => [stage.stage, stage.cache]));
  expect(cache).toMatchObject({ extract: 'made', preprocess: 'hit' });
  const first = await reportNamed('first');
  const second = await reportNamed('two-files');
  expect(second.lineage.model_files).toEqual(first.lineage.model_files);
});

test('events tell the whole story in order, and a reader that reconnects gets what it missed', async () => {
  const model = await idOf('first');
  const all = await events(model);
  const statuses = all
    .filter((event) => event.type === 'train_status')
    .map((event) => event.data.to);
  expect(statuses).toEqual(['starting', 'in_progress', 'complete']);
  // Of progress only the newest is kept, so that numbers may be missing where others were replaced.
  const ids = all.map((event) => event.id);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  const published = all.filter((event) => event.type === 'stage_published');
  expect(published.map((event) => event.data.stage)).toEqual([
    'extract',
    'preprocess',
    'train',
    'evaluate',
  ]);
  const late = await events(model, 3);
  expect(late.map((event) => event.id)).toEqual(ids.filter((id) => id > 3));
});

test('a cancelled training ends as stopped, and a retry finishes it with what was there', async () => {
  const upload = await client.upload([
    { name: 'big.csv', content: textsCsv({ rows: 20_000, classes: 40, seed: 7 }) },
  ]);
  const model = await client.trainText('cancelled', upload);
  await client.waitForStatus(model, 'in_progress');
  await client.post(`/api/v2/train/${model}/cancel`, {});
  await client.waitForStatus(model, 'stopped');
  const retry = await client.post<{ stages: { stage: string; reuse: string }[] }>(
    `/api/v2/train/${model}/retry`,
    {},
  );
  expect(retry.stages.map((stage) => stage.stage)).toEqual([
    'extract',
    'preprocess',
    'train',
    'evaluate',
  ]);
  await client.waitForStatus(model, 'complete');
});

test('verify trains again from what was recorded and finds the same bytes', async () => {
  expect(await parts.command('verify', await idOf('first'))).toMatch(/all \d+ files are the same/);
});

test('the metrics of the worker say what became of trainings and their stages', async () => {
  const metrics = await (await fetch(`${parts.url('worker')}/metrics`)).text();
  expect(metrics).toMatch(/trainyard_runs_ended_total\{status="complete",part="worker"\} [1-9]/);
  expect(metrics).toMatch(/trainyard_runs_ended_total\{status="stopped",part="worker"\} 1/);
  expect(metrics).toMatch(
    /trainyard_stage_seconds_count\{part="worker",stage="extract",outcome="made"\} /,
  );
  expect(metrics).toMatch(
    /trainyard_stage_seconds_count\{part="worker",stage="preprocess",outcome="cached"\} /,
  );
  expect(metrics).toMatch(/trainyard_stage_attempts_running\{stage="train",part="worker"\} 0/);
});

test('verify makes what has left the step cache again, as long as its files are there', async () => {
  const upload = await client.upload([
    { name: 'train.csv', content: `${csv}unlike others,class-0\n` },
  ]);
  const model = await client.trainText('evicted', upload);
  await client.waitForStatus(model, 'complete');
  const objects = join(fileURLToPath(parts.env['ARTIFACT_URL']!), 'objects');
  rmSync(join(objects, 'cache'), { recursive: true });
  const output = await parts.command('verify', model);
  expect(output).toMatch(/made again and not compared: extract, preprocess\n/);
  expect(output).toMatch(/same {7}extract\/train \(its rows/);
  expect(output).toMatch(/same {7}train\/model\/model\.onnx/);
  expect(output).toMatch(/all \d+ files are the same/);
  rmSync(join(objects, 'uploads', upload), { recursive: true });
  await expect(parts.command('verify', model)).rejects.toThrow(
    /have left the step cache.*\[artifact_missing\].*\[rows_gone\]/,
  );
});

test('a repeated POST with the same Idempotency-Key starts one training', async () => {
  const upload = await client.upload([{ name: 'train.csv', content: csv }]);
  const body = {
    model_name: 'once',
    model_options: { text_column: 'text', label_column: 'label', n_target_classes: 4 },
    data: { supervised_files: [{ path: upload, location: 'upload' }] },
  };
  const post = () =>
    client.post<{ model_id: string }>('/api/v2/train/nlp-text', body, { 'Idempotency-Key': 'k1' });
  const [a, b] = await Promise.all([post(), post()]);
  expect(b.model_id).toBe(a.model_id);
  await client.waitForStatus(a.model_id, 'complete');
});

async function idOf(name: string): Promise<string> {
  const models = await client.get<{ model_id: string; model_name: string }[]>('/api/v2/model/list');
  return models.find((model) => model.model_name === name)!.model_id;
}

async function reportNamed(name: string) {
  return client.get<{ lineage: { model_files: Record<string, string> } }>(
    `/api/v2/train/${await idOf(name)}/report`,
  );
}

async function events(model: string, after = 0) {
  const reply = await client.fetch(`/api/v2/train/${model}/events`, {
    headers: { 'Last-Event-ID': String(after) },
  });
  const frames = (await reply.text()).split('\n\n').filter((frame) => frame.startsWith('id: '));
  return frames.map((frame) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)![1]!;
    return {
      id: Number(field('id')),
      type: field('event'),
      data: JSON.parse(field('data')) as Record<string, string>,
    };
  });
}
