import { createHash } from 'node:crypto';
import type { ApiClient } from '../support/apiClient';
import { Parts } from '../support/parts';
import { textsCsv } from '../support/texts';
import { goTextTraining } from './goBodies';
import { unzip } from './unzip';
import { ask, isStringMap, person, type Asking } from './wire';

jest.setTimeout(180_000);

let parts: Parts;
let ann: ApiClient & { userId: string };
let trained: string;

interface Metadata {
  Type: string;
  Attributes: object;
}

interface Manifest {
  labels: string[];
  files: Record<string, { sha256: string }>;
}

beforeAll(async () => {
  parts = await Parts.start({ parts: ['api'] });
  ann = await person(parts, 'ann');
});
afterAll(() => parts.stop());

/** As v2 clients name the label column. */
const csv = textsCsv({ rows: 90, classes: 3, seed: 5 }).replace('text,label', 'text,labels');
const file = (name: string, content = csv) => ({ name, content });

const call = (method: string, path: string, asking: Asking = {}) =>
  ask(parts.url('api'), method, path, asking);
const asAnn = (method: string, path: string, body?: unknown) =>
  call(method, path, { token: ann.token, body });

describe('a training', () => {
  it('is starting and has said nothing while no worker has taken it up', async () => {
    const uploadId = await ann.upload([file('a.csv')]);
    const reply = await asAnn('POST', '/api/v2/train/nlp-text', goTextTraining('go', uploadId, 3));
    expect({ status: reply.status, type: reply.headers['content-type'] }).toEqual({
      status: 200,
      type: expect.stringMatching(/^application\/json/) as string,
    });
    const started = JSON.parse(reply.text) as { model_id: string };
    expect(Object.keys(started)).toEqual(['model_id']);
    expect(isStringMap(started)).toBe(true);
    trained = started.model_id;
    expect(await ann.trainStatus(trained)).toEqual({
      status: 'starting',
      errors: [],
      warnings: [],
    });
  });

  it('has no report before it is complete', async () => {
    const report = await asAnn('GET', `/api/v2/train/${trained}/report`);
    expect(report.status).toBe(422);
    expect(report.text).toMatch(/starting.*complete/);
  });

  it('cannot be downloaded, deployed, saved or built upon before it is complete', async () => {
    const uploadId = await ann.upload([file('a.csv')]);
    const base = { model_name: 'b', base_model_id: trained, model_options: null };
    const data = goTextTraining('b', uploadId, 3).data;
    const replies = await Promise.all([
      asAnn('GET', `/api/v2/model/${trained}/download`),
      asAnn('POST', `/api/v2/deploy/${trained}`, {}),
      asAnn('POST', `/api/v2/deploy/${trained}/save`, { model_name: 'copy' }),
      asAnn('POST', '/api/v2/train/nlp-text', { ...base, data }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
    expect(replies[3].text).toContain('must be completed before use as base model');
  });

  it('is complete once a worker is there, with a report, logs and its attributes', async () => {
    await parts.startPart('worker');
    const { errors, warnings } = await ann.waitForStatus(trained, 'complete');
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    const report = await ann.get<{ after_train_metrics: Record<string, unknown> }>(
      `/api/v2/train/${trained}/report`,
    );
    expect(Object.keys(report.after_train_metrics)).toEqual(['class-0', 'class-1', 'class-2']);
    const logs = await ann.get<unknown[]>(`/api/v2/train/${trained}/logs`);
    expect(logs.length).toBeGreaterThan(0);
    for (const log of logs) {
      expect(log).toMatchObject({ stdout: expect.any(String), stderr: expect.any(String) });
    }
    const model = await ann.get<Record<string, unknown>>(`/api/v2/model/${trained}`);
    expect(model).toMatchObject({
      model_id: trained,
      model_name: 'go',
      type: 'nlp-text',
      access: 'private',
      train_status: 'complete',
      deploy_status: 'not_started',
      username: 'ann',
      user_email: 'ann@example.org',
      team_id: null,
      dependencies: [],
    });
    const metadata = JSON.parse((model['attributes'] as { metadata: string }).metadata) as object;
    expect(isStringMap(metadata)).toBe(true);
    for (const key of ['num_params', 'size', 'size_in_memory', 'training_time', 'latency']) {
      expect(metadata).toHaveProperty(key);
    }
  });

  it('refuses a second model of one name for one owner, and takes it from another', async () => {
    const uploadId = await ann.upload([file('a.csv')]);
    const again = await asAnn('POST', '/api/v2/train/nlp-text', goTextTraining('go', uploadId, 3));
    expect(again.status).toBe(409);
    const ben = await person(parts, 'ben');
    const his = await ben.upload([file('a.csv')]);
    const body = goTextTraining('go', his, 3);
    expect((await call('POST', '/api/v2/train/nlp-text', { token: ben.token, body })).status).toBe(
      200,
    );
  });

  it('downloads as a zip of the model with its type and attributes', async () => {
    const response = await ann.fetch(`/api/v2/model/${trained}/download`);
    expect(response.status).toBe(200);
    const files = await unzip(Buffer.from(await response.arrayBuffer()));
    const { Type, Attributes } = json(files.get('metadata.json')) as Metadata;
    expect(Type).toBe('nlp-text');
    expect(isStringMap(Attributes)).toBe(true);
    const manifest = json(files.get('manifest.json')) as Manifest;
    expect(manifest.labels).toEqual(['class-0', 'class-1', 'class-2']);
    expect(Object.keys(manifest.files)).toContain('model.onnx');
    for (const [name, { sha256 }] of Object.entries(manifest.files)) {
      expect(createHash('sha256').update(files.get(name)!).digest('hex')).toBe(sha256);
    }
  });

  it('reads every file of its upload', async () => {
    const lines = csv.trimEnd().split('\n');
    const third = (from: number) => [lines[0], ...lines.slice(from, from + 30)].join('\n');
    const three = [file('a.csv', third(1)), file('b.csv', third(31)), file('c.csv', third(61))];
    const uploadId = await ann.upload(three);
    const model = await ann.post<{ model_id: string }>(
      '/api/v2/train/nlp-text',
      goTextTraining('three files', uploadId, 3),
    );
    await ann.waitForStatus(model.model_id, 'complete');
    const { data } = await ann.get<{ data: { files: { name: string; rows: number }[] } }>(
      `/api/v2/train/${model.model_id}/report`,
    );
    expect(data.files.map(({ name, rows }) => [name, rows])).toEqual([
      ['a.csv', 30],
      ['b.csv', 30],
      ['c.csv', 30],
    ]);
  });

  it('gets no more than the worker has, and is told so once', async () => {
    const body = {
      ...goTextTraining('greedy', await ann.upload([file('a.csv')]), 3),
      job_options: { allocation_cores: 10_000, allocation_memory: 500 },
    };
    const { model_id } = await ann.post<{ model_id: string }>('/api/v2/train/nlp-text', body);
    const { warnings } = await ann.waitForStatus(model_id, 'complete');
    expect(warnings).toEqual([expect.stringMatching(/10000 cores and 500 MiB.*clamped/)]);
  });
});

describe('a job token', () => {
  let saved: string;
  let token: string;
  beforeAll(async () => {
    const reply = await ann.post<Record<string, string>>(`/api/v2/deploy/${trained}/save`, {
      model_name: 'saved',
    });
    expect(isStringMap(reply)).toBe(true);
    saved = reply['model_id']!;
    token = reply['update_token']!;
    await ann.waitForStatus(saved, 'complete');
  });
  const report = (status: string, metadata?: object) =>
    call('POST', '/api/v2/train/update-status', { token, body: { status, metadata } });

  it('adds a warning by POST and an error by GET, each to its list', async () => {
    const log = (method: string, level: string, message: string) =>
      call(method, '/api/v2/train/log', { token, body: { level, message } });
    expect(await log('POST', 'warning', 'one warning')).toMatchObject({ status: 200, text: '{}' });
    expect(await log('GET', 'error', 'one error')).toMatchObject({ status: 200, text: '{}' });
    expect(await log('POST', 'info', 'nothing')).toMatchObject({ status: 422 });
    const said = { errors: ['one error'], warnings: ['one warning'] };
    expect(await ann.trainStatus(saved)).toEqual({ status: 'complete', ...said });
    const model = await ann.get<Record<string, unknown>>(`/api/v2/model/${saved}`);
    expect(model).toMatchObject({
      train_errors: said.errors,
      train_warnings: said.warnings,
      deploy_errors: [],
      deploy_warnings: [],
    });
  });

  it('moves the status to and fro, and messages stay', async () => {
    for (const status of ['failed', 'complete', 'in_progress', 'failed', 'complete']) {
      expect(await report(status)).toMatchObject({ status: 200, text: '{}' });
      expect(await ann.trainStatus(saved)).toMatchObject({ status, errors: ['one error'] });
    }
    const unknown = await report('done');
    expect(unknown.status).toBe(422);
    expect(unknown.text).toContain('in_progress');
  });

  it('replaces the metadata as a JSON string, and only when it says something', async () => {
    await report('complete', { num_params: '7' });
    await report('complete', {});
    await report('complete');
    const { attributes } = await ann.get<{ attributes: Record<string, string> }>(
      `/api/v2/model/${saved}`,
    );
    expect(attributes['metadata']).toBe('{"num_params":"7"}');
  });

  it('has no report to show for a model that no training made', async () => {
    const reply = await asAnn('GET', `/api/v2/train/${saved}/report`);
    expect(reply).toMatchObject({ status: 422 });
    expect(reply.text).toContain('no train reports found');
  });

  it('is no user token, and a user token is no job token', async () => {
    const asUser = await call('GET', '/api/v2/model/list', { token });
    expect(asUser).toMatchObject({ status: 401, text: 'token is unauthorized\n' });
    const asJob = await asAnn('POST', '/api/v2/train/update-status', { status: 'failed' });
    expect(asJob).toMatchObject({ status: 401, text: 'token is unauthorized\n' });
  });

  it('is worth nothing once its model is deleted', async () => {
    await ann.send(`/api/v2/model/${saved}`, { method: 'DELETE' });
    expect(await report('complete')).toMatchObject({ status: 404 });
    const body = { level: 'error', message: 'x' };
    expect(await call('POST', '/api/v2/train/log', { token, body })).toMatchObject({ status: 404 });
  });
});

function json(bytes: Buffer | undefined): unknown {
  return JSON.parse(bytes!.toString());
}
