import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { testDatabasePatienceMs } from '../database/testing/testDatabase';
import { firstRow } from '../database/database';
import { endDeployment, requestDeployment } from '../database/deployments';
import { messagesOf } from '../database/messages';
import { PredictorThread } from './threads/predictorThreadClient';
import { addTrainedModel, addUser, tinyModel } from './testing/testModel';
import { eventually, testServing, type TestServing } from './testing/testServing';

jest.setTimeout(60_000);

let test: TestServing;
let owner: string;
let token: string;
let url: string;

beforeAll(async () => {
  test = await testServing();
  owner = await addUser(test.db.database);
  token = test.tokens.signUser(owner);
  ({ url } = await test.start({ retryMs: [10, 50] }));
}, testDatabasePatienceMs);
afterAll(() => test.end());

async function trained(label: string, word = 'hello'): Promise<string> {
  return addTrainedModel(test.db.database, test.store, owner, tinyModel(word, label));
}

async function deploy(modelId: string, name?: string, holder?: string): Promise<void> {
  await test.db.database.transaction((tx) =>
    requestDeployment(tx, { modelId, name, holder, options: {}, requestedBy: owner }),
  );
}

async function undeploy(modelId: string): Promise<void> {
  await test.db.database.transaction((tx) => endDeployment(tx, modelId, owner));
}

async function statusOf(modelId: string): Promise<string> {
  const sql = 'SELECT deploy_status FROM model WHERE id = $1';
  const row = await firstRow<{ deploy_status: string }>(test.db.database.manager, sql, [modelId]);
  return row!.deploy_status;
}

async function isUp(modelId: string): Promise<void> {
  await eventually('the deployment is complete', async () => {
    return (await statusOf(modelId)) === 'complete';
  });
}

async function deployed(label: string, name?: string): Promise<string> {
  const modelId = await trained(label);
  await deploy(modelId, name);
  await isUp(modelId);
  return modelId;
}

function post(path: string, body: unknown, bearer: string | undefined = token, at = url) {
  return fetch(at + path, {
    method: 'POST',
    headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test says what it expects
type Body = any;

async function bodyOf(response: Response): Promise<Body> {
  return response.json();
}

async function topClass(path: string, at = url): Promise<string> {
  const response = await post(`/${path}/predict`, { text: 'hello' }, token, at);
  const body = await bodyOf(response);
  return body.data?.prediction_results.predicted_classes[0].class ?? JSON.stringify(body);
}

describe('predict', () => {
  let modelId: string;
  beforeAll(async () => {
    modelId = await deployed('greeting');
  });

  it('answers one text in the envelope of deployed models', async () => {
    const response = await post(`/${modelId}/predict`, { text: 'hello', top_k: 1 });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: 'success',
      message: 'Successful',
      data: {
        prediction_results: {
          query_text: 'hello',
          predicted_classes: [{ class: 'greeting', score: expect.any(Number) }],
        },
        time_taken: expect.any(Number),
      },
    });
  });

  it('answers many texts in their order', async () => {
    const texts = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? 'hello' : `number ${i}`));
    const response = await post(`/${modelId}/predict`, { texts });
    const { data } = await bodyOf(response);
    expect(data.prediction_results.map((r: Body) => r.query_text)).toEqual(texts);
    const score = (r: Body) => r.predicted_classes.find((c: Body) => c.class === 'greeting').score;
    expect(score(data.prediction_results[297])).toBeGreaterThan(0.9);
    expect(score(data.prediction_results[298])).toBeLessThan(0.9);
  });

  it('explains which features spoke for a class', async () => {
    const response = await post(`/${modelId}/predict`, { text: 'hello', explain: true, top_k: 1 });
    const { data } = await bodyOf(response);
    const [best] = data.prediction_results.predicted_classes;
    expect(best.explanation.for[0].weight).toBeGreaterThan(0);
  });

  it('takes null and zero for absent, and caps top_k at the number of classes', async () => {
    const response = await post(`/${modelId}/predict`, { text: 'hello', top_k: 0, explain: null });
    const { data } = await bodyOf(response);
    expect(data.prediction_results.predicted_classes).toHaveLength(2);
  });

  it.each([
    ['a body without text', {}, ['body', 'text'], 'missing'],
    ['a number as text', { text: 5 }, ['body', 'text'], 'invalid_type'],
    ['a negative top_k', { text: 'a', top_k: -1 }, ['body', 'top_k'], 'too_small'],
    ['an empty list', { texts: [] }, ['body', 'texts'], 'too_small'],
    ['a number among texts', { texts: ['a', 7] }, ['body', 'texts', 1], 'invalid_type'],
    ['text and texts', { text: 'a', texts: ['b'] }, ['body', 'texts'], 'value_error'],
    ['a text over the limit', { text: 'a'.repeat(1_000_001) }, ['body', 'text'], 'too_big'],
    ['broken JSON', '{"text": ', ['body'], 'json_invalid'],
    ['a list as body', '[]', ['body'], 'invalid_type'],
  ])('refuses %s with a list of what is wrong', async (_, body, loc, type) => {
    const response = await post(`/${modelId}/predict`, body);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ detail: [{ loc, type }] });
  });

  it('refuses a body over the limit and says which', async () => {
    const response = await post(`/${modelId}/predict`, { text: 'a'.repeat(17 * 1024 * 1024) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('16 MiB'),
    });
  });

  it('answers nobody without a token that may read the model', async () => {
    const stranger = test.tokens.signUser(await addUser(test.db.database));
    for (const bearer of ['', 'nonsense', stranger]) {
      const response = await post(`/${modelId}/predict`, { text: 'hello' }, bearer);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toEqual({ detail: 'Invalid access token.' });
    }
  });

  it('says of unknown paths that they do not exist', async () => {
    for (const path of [`/${modelId}/predic`, '/nobody/predict', '/x', `/${modelId}/a/b`]) {
      const response = await post(path, {});
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ message: `Request path '${path}' doesn't exist` });
    }
    expect((await fetch(`${url}/${modelId}/predict`)).status).toBe(405);
  });

  it('tells health to everyone, and counts to those who may read', async () => {
    const health = await fetch(`${url}/${modelId}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'success' }]);
    expect((await fetch(`${url}/${modelId}/stats`)).status).toBe(401);
    const headers = { authorization: `Bearer ${token}` };
    const stats = await bodyOf(await fetch(`${url}/${modelId}/stats`, { headers }));
    expect(stats.data.total.queries_ingested).toBeGreaterThan(300);
    const metrics = await (await fetch(`${url}/${modelId}/metrics`, { headers })).text();
    expect(metrics).toContain('trainyard_predict_requests_total');
  });
});

describe('deployments', () => {
  it('are served by a process that starts later, from the table alone', async () => {
    const modelId = await deployed('first');
    const later = await test.start();
    expect(await topClass(modelId, later.url)).toBe('first');
  });

  it('that are asked for while nobody serves come up later', async () => {
    const modelId = await deployed('known');
    expect(await topClass(modelId)).toBe('known');
    await undeploy(modelId);
    await eventually(
      'it is gone',
      async () => (await post(`/${modelId}/predict`, {})).status === 404,
    );
    await deploy(modelId);
    await isUp(modelId);
    expect(await topClass(modelId)).toBe('known');
  });

  it('fail with a reason when the bundle cannot be had', async () => {
    const modelId = await trained('lost');
    await test.store.deletePrefix(`runs/${modelId}/train/`);
    await deploy(modelId);
    await eventually('it failed', async () => (await statusOf(modelId)) === 'failed');
    const [message] = await messagesOf(test.db.database.manager, modelId, 'deploy');
    expect(message).toMatchObject({
      level: 'error',
      text: expect.stringContaining('artifact_missing'),
    });
    const response = await post(`/${modelId}/predict`, { text: 'a' });
    expect(response.status).toBe(503);
  });

  it('leave a name with the old model until the new one is up, for good when it never is', async () => {
    const old = await deployed('old', 'steady');
    const broken = await trained('broken');
    await test.store.deletePrefix(`runs/${broken}/train/`);
    await deploy(broken, 'steady', old);
    await eventually('it failed', async () => (await statusOf(broken)) === 'failed');
    expect(await topClass('steady')).toBe('old');
    const next = await trained('next');
    await deploy(next, 'steady', broken);
    await isUp(next);
    await eventually('the name moved', async () => (await topClass('steady')) === 'next');
    expect(await topClass(old)).toBe('old');
  });

  it('answer without a single failure while a name moves and models come and go', async () => {
    const [a, b] = [await deployed('a', 'busy'), await deployed('b')];
    const second = await test.start();
    let swapping = true;
    const answers = new Map<string, number>();
    const ask = async (at: string): Promise<void> => {
      while (swapping) {
        const answer = await topClass('busy', at);
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
      }
    };
    const clients = [url, second.url, url, second.url].map(ask);
    for (let round = 0; round < 8; round++) {
      const [to, from] = round % 2 === 0 ? [b, a] : [a, b];
      await deploy(to, 'busy', from);
      await undeploy(from);
      await deploy(from);
      await isUp(from);
    }
    swapping = false;
    await Promise.all(clients);
    expect([...answers.keys()].sort()).toEqual(['a', 'b']);
  });

  it('let models share a memory that holds only some of them', async () => {
    const small = await test.start({ modelBytes: 1 });
    const labels = ['one', 'two', 'three'];
    const ids = await Promise.all(labels.map((label) => deployed(label)));
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(ids.map((id) => topClass(id, small.url)));
      expect(answers).toEqual(labels);
    }
  });
});

describe('a serving process', () => {
  it('answers although its threads die', async () => {
    const modelId = await deployed('alive');
    const threads: PredictorThread[] = [];
    const startThread = (onDeath: (thread: PredictorThread) => void): PredictorThread => {
      const thread = new PredictorThread(onDeath);
      threads.push(thread);
      return thread;
    };
    const fragile = await test.start({ startThread });
    const answers: Promise<string>[] = [];
    for (let i = 0; i < 3; i++) {
      for (let k = 0; k < 20; k++) answers.push(topClass(modelId, fragile.url));
      await topClass(modelId, fragile.url);
      await threads[i]!.end();
    }
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['alive']));
  });

  it('hears of deployments again after its database connection broke', async () => {
    const listener = await test.start({ pollMs: 3_600_000 });
    await test.db.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'trainyard serving (notifications)' AND datname = current_database()`,
    );
    const modelId = await deployed('heard', 'heard');
    await undeploy(modelId);
    await eventually('it is gone', async () => {
      return (await post('/heard/predict', {}, token, listener.url)).status === 404;
    });
  });

  it('notices within seconds that a permission is gone', async () => {
    const modelId = await deployed('secret');
    const friend = test.tokens.signUser(await addUser(test.db.database));
    const asFriend = () => post(`/${modelId}/predict`, { text: 'a' }, friend);
    const share = (access: string) =>
      test.db.database.query('UPDATE model SET access = $2 WHERE id = $1', [modelId, access]);
    await share('public');
    expect((await asFriend()).status).toBe(200);
    await share('private');
    await eventually('the friend is refused', async () => (await asFriend()).status === 401);
  });

  it('finishes what it has begun before it stops', async () => {
    const modelId = await deployed('polite');
    const { serving, url: at } = await test.start();
    await topClass(modelId, at);
    const headers = { authorization: `Bearer ${token}`, expect: '100-continue' };
    const asked = request(`${at}/${modelId}/predict`, { method: 'POST', headers });
    const answer = once(asked, 'response') as Promise<[IncomingMessage]>;
    asked.flushHeaders();
    await once(asked, 'continue');
    const stopped = serving.stop();
    asked.end(JSON.stringify({ text: 'hello' }));
    const [response] = await answer;
    expect(response.statusCode).toBe(200);
    response.resume();
    await stopped;
    await expect(fetch(`${at}/health`)).rejects.toThrow();
  });
});
