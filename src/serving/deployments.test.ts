import { testDatabasePatienceMs } from '../database/testing/testDatabase';
import { messagesOf } from '../database/models/messages';
import { ServedModels } from './testing/servedModels';
import { eventually } from './testing/testServing';

jest.setTimeout(60_000);

let models: ServedModels;
beforeAll(async () => void (models = await ServedModels.start()), testDatabasePatienceMs);
afterAll(() => models.test.end());

describe('deployments', () => {
  it('are served by a process that starts later, from the table alone', async () => {
    const modelId = await models.deployed('first');
    const later = await models.test.start();
    expect(await models.topClass(modelId, later.url)).toBe('first');
  });

  it('that are asked for while nobody serves come up later', async () => {
    const modelId = await models.deployed('known');
    expect(await models.topClass(modelId)).toBe('known');
    await models.undeploy(modelId);
    await eventually(
      'it is gone',
      async () => (await models.post(`/${modelId}/predict`, {})).status === 404,
    );
    await models.deploy(modelId);
    await models.isUp(modelId);
    expect(await models.topClass(modelId)).toBe('known');
  });

  it('fail with a reason when the bundle cannot be had', async () => {
    const modelId = await models.trained('lost');
    await models.test.store.deletePrefix(`runs/${modelId}/train/`);
    await models.deploy(modelId);
    await eventually('it failed', async () => (await models.statusOf(modelId)) === 'failed');
    const [message] = await messagesOf(models.test.db.database.manager, modelId, 'deploy');
    expect(message).toMatchObject({
      level: 'error',
      text: expect.stringContaining('artifact_missing'),
    });
    const response = await models.post(`/${modelId}/predict`, { text: 'a' });
    expect(response.status).toBe(503);
  });

  it('leave a name with the old model until the new one is up, for good when it never is', async () => {
    const old = await models.deployed('old', 'steady');
    const broken = await models.trained('broken');
    await models.test.store.deletePrefix(`runs/${broken}/train/`);
    await models.deploy(broken, 'steady', old);
    await eventually('it failed', async () => (await models.statusOf(broken)) === 'failed');
    expect(await models.topClass('steady')).toBe('old');
    const next = await models.trained('next');
    await models.deploy(next, 'steady', broken);
    await models.isUp(next);
    await eventually('the name moved', async () => (await models.topClass('steady')) === 'next');
    expect(await models.topClass(old)).toBe('old');
  });

  it('answer without a single failure while a name moves and models come and go', async () => {
    const [a, b] = [await models.deployed('a', 'busy'), await models.deployed('b')];
    const second = await models.test.start();
    let swapping = true;
    const answers = new Map<string, number>();
    const ask = async (at: string): Promise<void> => {
      while (swapping) {
        const answer = await models.topClass('busy', at);
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
      }
    };
    const clients = [models.url, second.url, models.url, second.url].map(ask);
    for (let round = 0; round < 8; round++) {
      const [to, from] = round % 2 === 0 ? [b, a] : [a, b];
      await models.deploy(to, 'busy', from);
      await models.undeploy(from);
      await models.deploy(from);
      await models.isUp(from);
    }
    swapping = false;
    await Promise.all(clients);
    expect([...answers.keys()].sort()).toEqual(['a', 'b']);
  });

  it('let models share a memory that holds only some of them', async () => {
    const small = await models.test.start({ modelBytes: 1 });
    const labels = ['one', 'two', 'three'];
    const ids = await Promise.all(labels.map((label) => models.deployed(label)));
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(ids.map((id) => models.topClass(id, small.url)));
      expect(answers).toEqual(labels);
    }
  });
});
