import type { ApiClient } from '../support/apiClient';
import { Parts } from '../support/parts';
import { until } from '../support/poll';
import { textsCsv } from '../support/texts';
import { ask, nobodysId, person, type Asking } from './wire';

jest.setTimeout(180_000);

const first = textsCsv({ rows: 90, classes: 3, seed: 5 });
/** Its classes have other names, so that answers tell which model gave them. */
const second = textsCsv({ rows: 90, classes: 2, seed: 6 }).replaceAll('class-', 'other-');

let parts: Parts;
let ann: ApiClient;
let ben: ApiClient;
let model: string;
let other: string;

beforeAll(async () => {
  parts = await Parts.start();
  [ann, ben] = [await person(parts, 'ann'), await person(parts, 'ben')];
  [model, other] = await Promise.all([train('first', first), train('second', second)]);
});
afterAll(() => parts.stop());

async function train(name: string, content: string): Promise<string> {
  const uploadId = await ann.upload([{ name: 'train.csv', content }]);
  const id = await ann.trainText(name, uploadId);
  await ann.waitForStatus(id, 'complete');
  return id;
}

const call = (method: string, path: string, asking: Asking = {}) =>
  ask(parts.url('api'), method, path, { token: ann.token, ...asking });

interface Prediction {
  query_text: string;
  predicted_classes: { class: string; score: number }[];
}

/** What a Go client does: a body without Content-Type, `top_k` always there. */
async function predict(segment: string, body: object): Promise<Prediction> {
  const reply = await call('POST', `/${segment}/predict`, { body });
  expect(reply).toMatchObject({ status: 200 });
  const answer = JSON.parse(reply.text) as {
    status: string;
    message: string;
    data: { prediction_results: Prediction; time_taken: number };
  };
  expect(answer).toMatchObject({ status: 'success', message: expect.any(String) });
  expect(answer.data.time_taken).toBeGreaterThanOrEqual(0);
  return answer.data.prediction_results;
}

async function deployStatus(id: string) {
  const { status } = await ann.get<{ status: string }>(`/api/v2/deploy/${id}/status`);
  return status;
}

const classesOf = ({ predicted_classes }: Prediction) => predicted_classes.map((c) => c.class);
const text = first.split('\n')[1]!.split(',')[0]!;

describe('a model that is not deployed', () => {
  it('has the status not_started and an empty log, and answers nothing', async () => {
    expect(await ann.get(`/api/v2/deploy/${model}/status`)).toEqual({
      status: 'not_started',
      errors: [],
      warnings: [],
    });
    expect(await ann.get(`/api/v2/deploy/${model}/logs`)).toEqual([]);
    const reply = await call('POST', `/${model}/predict`, { body: { text, top_k: 1 } });
    expect(reply.status).toBe(404);
    expect((await call('GET', `/${model}/health`)).status).toBe(404);
  });

  it('is deployed by its owner alone, with a body', async () => {
    const path = `/api/v2/deploy/${model}`;
    expect((await call('POST', path, { token: ben.token, body: {} })).status).toBe(403);
    expect((await call('DELETE', path, { token: ben.token })).status).toBe(403);
    expect((await call('POST', path)).status).toBe(400);
    expect((await call('POST', `/api/v2/deploy/${nobodysId}`, { body: {} })).status).toBe(404);
  });
});

describe('a deployed model', () => {
  it('comes up from starting to complete, and health answers then', async () => {
    const path = `/api/v2/deploy/${model}`;
    const body = { autoscaling_enabled: false, deployment_name: '' };
    expect(await call('POST', path, { body })).toMatchObject({ status: 200, text: '{}' });
    const seen = new Set<string>();
    await until('it is complete', async () => {
      const status = await deployStatus(model);
      seen.add(status);
      return status === 'complete';
    });
    for (const status of seen) expect(['starting', 'in_progress', 'complete']).toContain(status);
    const health = await ask(parts.url('api'), 'GET', `/${model}/health`);
    expect(health.status).toBe(200);
    expect(JSON.parse(health.text)).toEqual({ status: 'success' });
    expect(await call('POST', path, { body })).toMatchObject({ status: 200, text: '{}' });
    expect(await deployStatus(model)).toBe('complete');
    const logs = await ann.get<{ stdout: string; stderr: string }[]>(`${path}/logs`);
    expect(logs).toEqual([{ stdout: expect.stringContaining('complete'), stderr: '' }]);
  });

  it('predicts classes with probabilities, best first', async () => {
    const { query_text, predicted_classes } = await predict(model, { text, top_k: 3 });
    expect(query_text).toBe(text);
    expect(predicted_classes).toHaveLength(3);
    const scores = predicted_classes.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
  });

  it('caps top_k at its classes, and takes none or 0 for 5', async () => {
    for (const top_k of [100, 0, null, undefined]) {
      expect(classesOf(await predict(model, { text, top_k }))).toHaveLength(3);
    }
    expect(classesOf(await predict(model, { text, top_k: 1 }))).toHaveLength(1);
  });

  it.each(['', '   ', 'ă ș 漢字 👩‍👩‍👧', 'x'.repeat(100_000)])(
    'answers to any text (%#)',
    async (any) => {
      const { query_text, predicted_classes } = await predict(model, { text: any, top_k: 2 });
      expect(query_text).toBe(any);
      expect(predicted_classes).toHaveLength(2);
    },
  );

  it('answers 401 in one shape for a missing, a wrong and an insufficient token', async () => {
    for (const token of [undefined, 'nonsense', ben.token]) {
      const reply = await call('POST', `/${model}/predict`, { token, body: { text, top_k: 1 } });
      expect(reply.status).toBe(401);
      expect(JSON.parse(reply.text)).toEqual({ detail: 'Invalid access token.' });
      expect(reply.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('lists what is wrong with a body under detail', async () => {
    const detail = async (body: unknown) => {
      const reply = await call('POST', `/${model}/predict`, { body });
      expect(reply.status).toBe(422);
      return (JSON.parse(reply.text) as { detail: { loc: unknown[]; msg: string }[] }).detail;
    };
    expect(await detail({ top_k: 1 })).toMatchObject([
      { loc: ['body', 'text'], msg: 'Field required', type: 'missing' },
    ]);
    expect(await detail({ text: 7 })).toMatchObject([{ loc: ['body', 'text'] }]);
    expect(await detail({ text, top_k: -1 })).toMatchObject([{ loc: ['body', 'top_k'] }]);
    expect(await detail({ text, top_k: 'all' })).toMatchObject([{ loc: ['body', 'top_k'] }]);
    expect(await detail('{"text": ')).toMatchObject([{ loc: ['body'] }]);
    expect(await detail('[]')).toHaveLength(1);
    expect(await detail('')).toHaveLength(1);
  });

  it.each(['nothing', 'predict/more', 'query'])('knows no path %s', async (name) => {
    const path = `/${model}/${name}`;
    const reply = await call('GET', `${path}?x=1`);
    expect(reply.status).toBe(404);
    expect(JSON.parse(reply.text)).toEqual({ message: `Request path '${path}' doesn't exist` });
  });

  it('counts what it has answered', async () => {
    const reply = await ann.get<{ status: string; data: Record<string, unknown> }>(
      `/${model}/stats`,
    );
    expect(reply.status).toBe('success');
    const counts = {
      tokens_identified: expect.any(Number),
      queries_ingested: expect.any(Number),
      queries_ingested_bytes: expect.any(Number),
    };
    expect(reply.data).toMatchObject({ past_hour: counts, total: counts });
    expect(reply.data).toHaveProperty('uptime');
  });

  it('answers readers, of a public model everybody', async () => {
    await ann.post(`/api/v2/model/${model}/access`, { access: 'public' });
    const body = { text, top_k: 1 };
    await until('the new access is known', async () => {
      return (await call('POST', `/${model}/predict`, { token: ben.token, body })).status === 200;
    });
    await ann.post(`/api/v2/model/${model}/access`, { access: 'private' });
  });
});

describe('a deployment_name', () => {
  it('answers as the model, and as the next one that is deployed under it', async () => {
    await ann.deploy(model, { deployment_name: 'mails' });
    expect(classesOf(await predict('mails', { text, top_k: 1 }))[0]).toMatch(/^class-/);
    expect((await call('GET', '/mails/health')).status).toBe(200);
    await ann.deploy(other, { deployment_name: 'mails' });
    expect(classesOf(await predict('mails', { text, top_k: 1 }))[0]).toMatch(/^other-/);
    expect(classesOf(await predict(model, { text, top_k: 1 }))[0]).toMatch(/^class-/);
  });

  it('is free again after undeploying, for another model in turn', async () => {
    await undeploy(other);
    expect((await call('POST', '/mails/predict', { body: { text, top_k: 1 } })).status).toBe(404);
    await undeploy(model);
    await ann.deploy(model, { deployment_name: 'mails' });
    expect(classesOf(await predict('mails', { text, top_k: 1 }))[0]).toMatch(/^class-/);
  });

  it.each(['api', 'docs', 'a/b', 'x'.repeat(101)])('may not be %s', async (deployment_name) => {
    const reply = await call('POST', `/api/v2/deploy/${other}`, { body: { deployment_name } });
    expect(reply.status).toBe(422);
    expect(await deployStatus(other)).toBe('stopped');
  });

  async function undeploy(id: string): Promise<void> {
    const path = `/api/v2/deploy/${id}`;
    expect(await call('DELETE', path)).toMatchObject({ status: 200, text: '{}' });
    expect(await deployStatus(id)).toBe('stopped');
    await until('it has gone', async () => (await call('GET', `/${id}/health`)).status === 404);
  }
});

describe('a saved model', () => {
  it('needs no deployment of the old one, and predicts the same', async () => {
    const { model_id } = await ann.post<{ model_id: string }>(`/api/v2/deploy/${other}/save`, {
      model_name: 'saved',
    });
    await ann.waitForStatus(model_id, 'complete', 30_000);
    await ann.deploy(model_id);
    await ann.deploy(other);
    const [a, b] = [await predict(model_id, { text }), await predict(other, { text })];
    expect(a).toEqual(b);
  });
});
