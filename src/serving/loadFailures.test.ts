import { storageUnavailable } from '../artifacts/failures';
import { randomUUID } from 'node:crypto';
import { eventsAfter } from '../database/models/events';
import { messagesOf } from '../database/models/messages';
import { loadHealth, type LoadHealth } from '../database/models/servingHealth';
import { testDatabasePatienceMs } from '../database/testing/testDatabase';
import { TrainyardError } from '../errors';
import { ServedModels } from './testing/servedModels';
import { StubbornThreads } from './testing/stubbornThreads';
import { eventually } from './testing/testServing';

jest.setTimeout(60_000);

const noMemory = new TrainyardError('limit', 'no_memory', 'the model needs 9 TB of memory');

/** Two serving processes, of which each loads models or does not, as a test says. */
describe('a deployment, when a serving process cannot load it,', () => {
  let models: ServedModels;
  let url: string;
  const [first, second] = [new StubbornThreads(), new StubbornThreads()];

  beforeAll(async () => {
    models = await ServedModels.start({ startThread: first.start });
    ({ url } = await models.test.start({ startThread: second.start, retryMs: [10, 50] }));
  }, testDatabasePatienceMs);
  afterAll(() => models.test.end());
  afterEach(() => {
    for (const threads of [first, second]) {
      threads.refusal = undefined;
      threads.gate = Promise.resolve();
    }
  });

  const health = (modelId: string): Promise<LoadHealth> =>
    loadHealth(models.test.db.database.manager, modelId);
  const failing = (modelId: string, count: number) =>
    eventually(`${count} cannot load it`, async () => {
      return (await health(modelId)).failures.length === count;
    });
  const hasStatus = (modelId: string, status: string) =>
    eventually(`it is ${status}`, async () => (await models.statusOf(modelId)) === status);
  async function wasEver(modelId: string, status: string): Promise<boolean> {
    const { events } = await eventsAfter(models.test.db.database.manager, modelId, 0, 100);
    return events.some(({ type, data }) => type === 'deploy_status' && data['to'] === status);
  }

  it('stays up for the others, and comes up there once it can, without being deployed again', async () => {
    second.refusal = noMemory;
    const modelId = await models.deployed('shared');
    await failing(modelId, 1);
    expect(await models.topClass(modelId)).toBe('shared');
    const refused = await models.post(`/${modelId}/predict`, { text: 'a' }, models.token, url);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).not.toBeNull();
    expect(await refused.text()).toContain('9 TB of memory [no_memory]');
    expect((await fetch(`${url}/${modelId}/health`)).status).toBe(503);
    expect((await fetch(`${models.url}/${modelId}/health`)).status).toBe(200);
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
      /trainyard_serving_models_failing\{?[^}]*\}? 1/,
    );
    expect(await health(modelId)).toEqual({
      processes: 2,
      failures: [{ waits: false, reason: expect.stringContaining('no_memory') }],
    });
    second.refusal = undefined;
    await failing(modelId, 0);
    expect(await models.topClass(modelId, url)).toBe('shared');
    expect(await wasEver(modelId, 'failed')).toBe(false);
  });

  it('waits for the one that is still loading', async () => {
    second.refusal = noMemory;
    let open!: () => void;
    first.gate = new Promise((resolve) => (open = resolve));
    const modelId = await models.trained('late');
    await models.deploy(modelId);
    await failing(modelId, 1);
    expect(await models.statusOf(modelId)).toBe('in_progress');
    open();
    await hasStatus(modelId, 'complete');
    expect(await models.topClass(modelId)).toBe('late');
    expect(await wasEver(modelId, 'failed')).toBe(false);
  });

  it('fails with the reason when none of them can, and comes up when one can after all', async () => {
    first.refusal = second.refusal = noMemory;
    const modelId = await models.trained('none');
    await models.deploy(modelId);
    await hasStatus(modelId, 'failed');
    const { manager } = models.test.db.database;
    expect(await messagesOf(manager, modelId, 'deploy')).toEqual([
      { level: 'error', text: expect.stringContaining('9 TB of memory [no_memory]') },
    ]);
    second.refusal = undefined;
    await hasStatus(modelId, 'complete');
    expect(await models.topClass(modelId, url)).toBe('none');
    expect(await messagesOf(manager, modelId, 'deploy')).toEqual([]);
  });

  it('does not wait for a process that is gone', async () => {
    await models.test.db.database.query(
      `INSERT INTO serving_process (id, seen_at) VALUES ($1, now() - interval '14 seconds')`,
      [randomUUID()],
    );
    first.refusal = second.refusal = noMemory;
    const modelId = await models.trained('alone');
    await models.deploy(modelId);
    await hasStatus(modelId, 'failed');
  });

  it('says nothing of what went wrong inside', async () => {
    first.refusal = second.refusal = new Error('/srv/secret/model.onnx');
    const modelId = await models.trained('private');
    await models.deploy(modelId);
    await hasStatus(modelId, 'failed');
    const [message] = await messagesOf(models.test.db.database.manager, modelId, 'deploy');
    expect(message!.text).toContain('[internal]');
    expect(message!.text).not.toContain('secret');
  });
});

describe('a deployment, while the object store is away,', () => {
  it(
    'waits for it, says so, and comes up when it is back',
    async () => {
      const models = await ServedModels.start();
      try {
        const { store, db } = models.test;
        const modelId = await models.trained('patient');
        const read = store.readBuffer.bind(store);
        let reads = 0;
        store.readBuffer = () => {
          reads++;
          return Promise.reject(storageUnavailable('read', new Error('connection refused')));
        };
        await models.deploy(modelId);
        await eventually('it was tried many times', () => Promise.resolve(reads > 10));
        expect(await models.statusOf(modelId)).toBe('in_progress');
        const { failures } = await loadHealth(db.database.manager, modelId);
        expect(failures).toEqual([
          { waits: true, reason: expect.stringContaining('waiting for the object store: ') },
        ]);
        store.readBuffer = read;
        await models.isUp(modelId);
        expect(await models.topClass(modelId)).toBe('patient');
      } finally {
        await models.test.end();
      }
    },
    testDatabasePatienceMs,
  );
});
