import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { testDatabasePatienceMs } from '../database/testing/testDatabase';
import { ServedModels } from './testing/servedModels';
import { addUser } from './testing/testModel';
import { eventually } from './testing/testServing';
import { PredictorThread } from './threads/predictorThreadClient';

jest.setTimeout(60_000);

let models: ServedModels;
beforeAll(async () => void (models = await ServedModels.start()), testDatabasePatienceMs);
afterAll(() => models.test.end());

describe('a serving process', () => {
  it('answers although its threads die', async () => {
    const modelId = await models.deployed('alive');
    const threads: PredictorThread[] = [];
    const startThread = (onDeath: (thread: PredictorThread) => void): PredictorThread => {
      const thread = new PredictorThread(onDeath);
      threads.push(thread);
      return thread;
    };
    const fragile = await models.test.start({ startThread });
    const answers: Promise<string>[] = [];
    for (let i = 0; i < 3; i++) {
      for (let k = 0; k < 20; k++) answers.push(models.topClass(modelId, fragile.url));
      await models.topClass(modelId, fragile.url);
      await threads[i]!.end();
    }
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['alive']));
  });

  it('knows no model under a path that is no name', async () => {
    for (const segment of ['%00', 'a%00b', '%ed%a0%bd', '-a', '%F0%9F%99%82']) {
      const reply = await models.post(`/${segment}/predict`, { text: 'a' }, models.token);
      expect([segment, reply.status]).toEqual([segment, 404]);
    }
  });

  it('hears of deployments again after its database connection broke', async () => {
    const listener = await models.test.start({ pollMs: 3_600_000 });
    await models.test.db.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'trainyard serving (notifications)' AND datname = current_database()`,
    );
    const modelId = await models.deployed('heard', 'heard');
    await models.undeploy(modelId);
    await eventually('it is gone', async () => {
      return (await models.post('/heard/predict', {}, models.token, listener.url)).status === 404;
    });
  });

  it('notices within seconds that a permission is gone', async () => {
    const modelId = await models.deployed('secret');
    const friend = models.test.tokens.signUser(await addUser(models.test.db.database));
    const asFriend = () => models.post(`/${modelId}/predict`, { text: 'a' }, friend);
    const share = (access: string) =>
      models.test.db.database.query('UPDATE model SET access = $2 WHERE id = $1', [
        modelId,
        access,
      ]);
    await share('public');
    expect((await asFriend()).status).toBe(200);
    await share('private');
    await eventually('the friend is refused', async () => (await asFriend()).status === 401);
  });

  it('computes nothing any more for a caller who left', async () => {
    const modelId = await models.deployed('left');
    const { url: at } = await models.test.start({ threads: 1 });
    const metric = async (line: RegExp): Promise<string | undefined> =>
      line.exec(await (await fetch(`${at}/metrics`)).text())?.[1];
    const waiting = () => metric(/^trainyard_serving_items_waiting\S* (\d+)/m);
    const left = () => metric(/^trainyard_predict_requests_total\S*status="499"\S* (\d+)/m);
    const gone = new AbortController();
    const text = 'hello to everybody who reads this text '.repeat(20);
    const asked = fetch(`${at}/${modelId}/predict`, {
      method: 'POST',
      headers: { authorization: `Bearer ${models.token}` },
      body: JSON.stringify({ texts: Array<string>(10_000).fill(text), explain: true }),
      signal: gone.signal,
    });
    const refused = expect(asked).rejects.toThrow();
    await eventually('texts wait', async () => Number(await waiting()) > 0);
    gone.abort();
    await refused;
    await eventually('the caller is seen to be gone', async () => (await left()) === '1');
    expect(await waiting()).toBe('0');
    expect(await models.topClass(modelId, at)).toBe('left');
  });

  it('finishes what it has begun before it stops', async () => {
    const modelId = await models.deployed('polite');
    const { serving, url: at } = await models.test.start();
    await models.topClass(modelId, at);
    const headers = { authorization: `Bearer ${models.token}`, expect: '100-continue' };
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
