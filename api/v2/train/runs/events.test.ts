import { randomUUID } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import { requestDeployment } from '../../../../src/database/models/deployments';
import { insertRun } from '../../../../src/database/runs/runs';
import { transition, type Job, type Status } from '../../../../src/database/models/status';
import { testDatabasePatienceMs } from '../../../../src/database/testing/testDatabase';
import { testApi, type Person, type TestApi } from '../../../testing/testApi';

describe('GET /api/v2/train/{model_id}/events', () => {
  let api: TestApi;
  let owner: Person;
  beforeAll(async () => {
    api = await testApi(undefined, { TRAINYARD_EVENT_STREAMS: '3' });
    owner = await api.person();
  }, testDatabasePatienceMs);
  afterAll(() => api.stop());

  /** A model in training whose run has been worked on. */
  async function training(deploy: boolean): Promise<string> {
    const id = await api.model(owner);
    const data = { sources: [], cache: 'use' as const, deploy_when_complete: deploy };
    const job = { allocation_cores: 1, allocation_memory: 500 };
    const runId = randomUUID();
    await insertRun(api.deps.database, { id: runId, model_id: id, options: {}, data, job });
    await api.deps.database.query(`UPDATE run SET summary = '{}' WHERE id = $1`, [runId]);
    await move(id, 'train', 'starting');
    await move(id, 'train', 'in_progress');
    return id;
  }

  async function move(id: string, job: Job, to: Status): Promise<void> {
    expect(await transition(api.deps.database, id, job, to, 'test')).toBe(true);
  }

  async function complete(id: string): Promise<void> {
    await api.deps.database.query('UPDATE run SET ended_at = now() WHERE model_id = $1', [id]);
    await api.deps.database.query(`UPDATE model SET bundle = '{}' WHERE id = $1`, [id]);
    await move(id, 'train', 'complete');
  }

  const deploy = (modelId: string) =>
    api.deps.database.transaction((tx) =>
      requestDeployment(tx, { modelId, requestedBy: null, options: {} }),
    );

  const open = (id: string, token: string) =>
    fetch(`${api.url}/api/v2/train/${id}/events`, {
      headers: { Authorization: `Bearer ${token}` },
    });
  /** `open` for streams that are left before their end. */
  const opened = (id: string, token: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { Authorization: `Bearer ${token}` };
      get(`${api.url}/api/v2/train/${id}/events`, { headers, agent: false }, resolve).once(
        'error',
        reject,
      );
    });

  /** Reads a stream; `seen` waits for a text in it, and `rest` for its end. */
  async function follow(id: string, { token } = owner as Pick<Person, 'token'>) {
    const reply = await open(id, token);
    const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const more = async (): Promise<boolean> => {
      const { done, value } = await reader.read();
      text += value ?? '';
      return !done;
    };
    return {
      seen: async (part: string) => {
        while (!text.includes(part)) {
          if (!(await more())) throw new Error(`the stream ended before ${part}: ${text}`);
        }
      },
      rest: async () => {
        while (await more());
        return text;
      },
    };
  }

  it('ends with the training when no deployment was asked for', async () => {
    const id = await training(false);
    const stream = await follow(id);
    await stream.seen('"to":"in_progress"');
    await complete(id);
    expect(await stream.rest()).toMatch(/event: train_status\ndata: \{"to":"complete".*\n\n$/);
  });

  it.each(['complete', 'failed'] as const)(
    'goes on until the deployment that was asked for is %s',
    async (end) => {
      const id = await training(true);
      const stream = await follow(id);
      await complete(id);
      await stream.seen('"to":"complete"');
      await deploy(id);
      await stream.seen('event: deploy_status\ndata: {"to":"starting"');
      await move(id, 'deploy', end);
      expect(await stream.rest()).toContain(`event: deploy_status\ndata: {"to":"${end}"`);
    },
  );

  it('ends with a training that fails, for there is nothing to deploy', async () => {
    const id = await training(true);
    await move(id, 'train', 'failed');
    expect(await (await follow(id)).rest()).toContain('"to":"failed"');
  });

  it('ends when the token of its reader was ended', async () => {
    const id = await training(false);
    const made = await api.as(owner).post('/api/v2/user/tokens').send({ name: 'x' }).expect(200);
    const stream = await follow(id, made.body);
    await stream.seen('"to":"in_progress"');
    await api.as(owner).delete(`/api/v2/user/tokens/${made.body.token_id}`).expect(200);
    expect(await stream.rest()).toMatch(/\n\n: token is unauthorized\n\n$/);
  }, 30_000);

  it('ends when its reader may not see the model any more', async () => {
    const id = await training(false);
    const share = (access: string) =>
      api.as(owner).post(`/api/v2/model/${id}/access`).send({ access }).expect(200);
    await share('public');
    const stream = await follow(id, await api.person());
    await stream.seen('"to":"in_progress"');
    await share('private');
    expect(await stream.rest()).toMatch(/\n\n: you need read permission on model [^\n]+\n\n$/);
  }, 30_000);

  it('is one of so many that a user has at once', async () => {
    const id = await training(false);
    const reader = await api.person();
    await api.deps.database.query(`UPDATE model SET access = 'public' WHERE id = $1`, [id]);
    const streams = await Promise.all([1, 2, 3].map(() => opened(id, reader.token)));
    const refused = await open(id, reader.token);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    expect(await refused.text()).toContain('you have 3 event streams open');
    for (const stream of streams) stream.destroy();
    const deadline = Date.now() + 20_000;
    let status: number | undefined;
    do {
      const again = await opened(id, reader.token);
      status = again.statusCode;
      again.destroy();
    } while (status === 429 && Date.now() < deadline);
    expect(status).toBe(200);
  }, 30_000);

  it('does not wait for a deployment that should have been asked for long ago', async () => {
    const id = await training(true);
    await complete(id);
    const sql = `UPDATE run SET ended_at = now() - interval '1 hour' WHERE model_id = $1`;
    await api.deps.database.query(sql, [id]);
    expect(await (await follow(id)).rest()).toContain('"to":"complete"');
  });
});
