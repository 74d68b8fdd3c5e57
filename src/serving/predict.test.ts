import { gzipSync } from 'node:zlib';
import { testDatabasePatienceMs } from '../database/testing/testDatabase';
import { ServedModels } from './testing/servedModels';
import { addUser } from './testing/testModel';

jest.setTimeout(60_000);

let models: ServedModels;
beforeAll(async () => void (models = await ServedModels.start()), testDatabasePatienceMs);
afterAll(() => models.test.end());

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test says what it expects
type Body = any;

async function bodyOf(response: Response): Promise<Body> {
  return response.json();
}

describe('predict', () => {
  let modelId: string;
  beforeAll(async () => {
    modelId = await models.deployed('greeting');
  });

  it('answers one text in the envelope of deployed models', async () => {
    const response = await models.post(`/${modelId}/predict`, { text: 'hello', top_k: 1 });
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
    const response = await models.post(`/${modelId}/predict`, { texts });
    const { data } = await bodyOf(response);
    expect(data.prediction_results.map((r: Body) => r.query_text)).toEqual(texts);
    const score = (r: Body) => r.predicted_classes.find((c: Body) => c.class === 'greeting').score;
    expect(score(data.prediction_results[297])).toBeGreaterThan(0.9);
    expect(score(data.prediction_results[298])).toBeLessThan(0.9);
  });

  it('explains which features spoke for a class', async () => {
    const response = await models.post(`/${modelId}/predict`, {
      text: 'hello',
      explain: true,
      top_k: 1,
    });
    const { data } = await bodyOf(response);
    const [best] = data.prediction_results.predicted_classes;
    expect(best.explanation.for[0].weight).toBeGreaterThan(0);
  });

  it('takes null and zero for absent, and caps top_k at the number of classes', async () => {
    const response = await models.post(`/${modelId}/predict`, {
      text: 'hello',
      top_k: 0,
      explain: null,
    });
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
    const response = await models.post(`/${modelId}/predict`, body);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ detail: [{ loc, type }] });
  });

  it('refuses a body over the limit and says which', async () => {
    const response = await models.post(`/${modelId}/predict`, {
      text: 'a'.repeat(17 * 1024 * 1024),
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('16 MiB'),
    });
  });

  it.each([
    ['a byte order mark', Buffer.from('\ufeff{"text": "hello"}')],
    ['keys in any case', Buffer.from('{"Text": "hello", "TOP_K": 1}')],
    ['something behind its first value', Buffer.from('{"text": "hello"} {"text": 7}')],
  ])('takes a body with %s, as the API does', async (_, body) => {
    const response = await models.send(`/${modelId}/predict`, body);
    const { data } = await bodyOf(response);
    expect(data.prediction_results.predicted_classes[0].class).toBe('greeting');
  });

  it.each([
    ['bytes that are no UTF-8', Buffer.from('{"text": "caf\xe9"}', 'latin1'), {}, 422],
    ['16 MiB of brackets', Buffer.alloc(16 << 20, '['), {}, 422],
    ['too many values', Buffer.from(`{"texts": [${'0,'.repeat(200_000)}0]}`), {}, 413],
    ['a compressed body', gzipSync('{"text": "hello"}'), { 'content-encoding': 'gzip' }, 415],
  ])('refuses %s, as the API does', async (_, body, headers, status) => {
    expect((await models.send(`/${modelId}/predict`, body, headers)).status).toBe(status);
  });

  it('answers nobody without a token that may read the model', async () => {
    const stranger = models.test.tokens.signUser(await addUser(models.test.db.database));
    for (const bearer of ['', 'nonsense', stranger]) {
      const response = await models.post(`/${modelId}/predict`, { text: 'hello' }, bearer);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toEqual({ detail: 'Invalid access token.' });
    }
  });

  it('says of unknown paths that they do not exist', async () => {
    for (const path of [`/${modelId}/predic`, '/nobody/predict', '/x', `/${modelId}/a/b`]) {
      const response = await models.post(path, {});
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ message: `Request path '${path}' doesn't exist` });
    }
    expect((await fetch(`${models.url}/${modelId}/predict`)).status).toBe(405);
  });

  it('tells health to everyone, and counts to those who may read', async () => {
    const health = await fetch(`${models.url}/${modelId}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'success' }]);
    expect((await fetch(`${models.url}/${modelId}/stats`)).status).toBe(401);
    const headers = { authorization: `Bearer ${models.token}` };
    const stats = await bodyOf(await fetch(`${models.url}/${modelId}/stats`, { headers }));
    expect(stats.data.total.queries_ingested).toBeGreaterThan(300);
    const metrics = await (await fetch(`${models.url}/${modelId}/metrics`, { headers })).text();
    expect(metrics).toContain('trainyard_predict_requests_total');
  });
});
