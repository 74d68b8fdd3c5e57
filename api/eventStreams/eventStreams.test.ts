import { get, type IncomingMessage } from 'node:http';
import { Client } from 'pg';
import { appendEvent } from '../../src/database/models/events';
import { testDatabasePatienceMs } from '../../src/database/testing/testDatabase';
import { testServer } from '../../src/database/testing/testServer';
import { transition } from '../../src/database/models/status';
import { testApi, type Person, type TestApi } from '../testing/testApi';

const never = 24 * 60 * 60 * 1000;
const streams = 200;
const patienceMs = 60_000;

describe.each([
  ['that is told of events', never],
  ['that asks for events', 100],
])('an event stream %s', (_, pollMs) => {
  let api: TestApi;
  let owner: Person;
  const open: IncomingMessage[] = [];
  beforeAll(async () => {
    api = await testApi(undefined, { TRAINYARD_EVENT_STREAMS: String(streams + 10) }, pollMs);
    owner = await api.person();
  }, testDatabasePatienceMs);
  afterEach(() => open.splice(0).forEach((stream) => stream.destroy()));
  afterAll(() => api.stop());

  /** A model in training. */
  async function training(): Promise<string> {
    const id = await api.model(owner);
    for (const to of ['starting', 'in_progress'] as const) {
      await transition(api.deps.database, id, 'train', to, 'test');
    }
    return id;
  }

  /** Opens a stream. @returns a wait for a text in it */
  async function follow(id: string): Promise<(part: string) => Promise<void>> {
    const headers = { Authorization: `Bearer ${owner.token}` };
    const stream = await new Promise<IncomingMessage>((resolve, reject) => {
      const url = `${api.url}/api/v2/train/${id}/events`;
      get(url, { headers, agent: false }, resolve).once('error', reject);
    });
    open.push(stream);
    let text = '';
    stream.setEncoding('utf8').on('data', (part: string) => (text += part));
    return (part) => until(() => text.includes(part));
  }

  const say = (id: string, text: string) =>
    api.deps.database.transaction((tx) => appendEvent(tx, id, 'warning', { text }, 'test'));

  /** `say`, with a notification that never arrives. */
  const whisper = (id: string, text: string) =>
    api.deps.database.query(
      `WITH next AS (UPDATE model SET event_seq = event_seq + 1 WHERE id = $1 RETURNING event_seq)
       INSERT INTO event (model_id, seq, type, data, actor)
       SELECT $1, event_seq, 'warning', jsonb_build_object('text', $2::text), 'test' FROM next`,
      [id, text],
    );

  const listeners = () =>
    api.deps.database.query<{ pid: number }[]>(
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'trainyard api (notifications)'
         AND query LIKE 'LISTEN%'`,
    );

  if (pollMs < never) {
    it('shows an event whose notification was lost', async () => {
      const id = await training();
      const seen = await follow(id);
      await seen('"to":"in_progress"');
      await whisper(id, 'nobody was told');
      await seen('nobody was told');
    });

    it(
      'goes on after the database was away',
      async () => {
        const id = await training();
        const seen = await follow(id);
        await seen('"to":"in_progress"');
        const [{ name }] = await api.deps.database.query<[{ name: string }]>(
          'SELECT current_database() AS name',
        );
        const server = new Client({ connectionString: await testServer() });
        await server.connect();
        await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
        await server.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1',
          [name],
        );
        await expect(api.deps.database.query('SELECT 1')).rejects.toThrow();
        await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
        await server.end();
        await say(id, 'it is back');
        await seen('it is back');
      },
      patienceMs,
    );
    return;
  }

  it('shows an event without asking for it', async () => {
    const [id, other] = [await training(), await training()];
    const seen = await follow(id);
    await seen('"to":"in_progress"');
    await until(async () => (await listeners()).length === 1);
    await say(other, 'not of this model');
    await say(id, 'of this model');
    await seen('of this model');
  });

  it(
    'shows what happened while the listening connection was broken, and what happens then',
    async () => {
      const id = await training();
      const seen = await follow(id);
      await seen('"to":"in_progress"');
      await until(async () => (await listeners()).length === 1);
      const [{ pid }] = (await listeners()) as [{ pid: number }];
      await api.deps.database.query('SELECT pg_terminate_backend($1)', [pid]);
      await whisper(id, 'in between');
      await seen('in between');
      await say(id, 'and after');
      await seen('and after');
      expect((await listeners()).map((listener) => listener.pid)).not.toContain(pid);
    },
    patienceMs,
  );

  it(
    `shares its reads with the ${streams} streams of the same model`,
    async () => {
      const id = await training();
      const seen = await Promise.all(Array.from({ length: streams }, () => follow(id)));
      for (const each of seen) await each('"to":"in_progress"');
      const spy = jest.spyOn(api.deps.database, 'query');
      for (const text of ['first', 'second', 'third']) {
        await say(id, `the ${text}`);
        for (const each of seen) await each(`the ${text}`);
      }
      const reads = spy.mock.calls.filter(([sql]) => sql.includes('FROM event'));
      spy.mockRestore();
      expect(reads.length).toBeGreaterThan(0);
      expect(reads.length).toBeLessThan(30);
    },
    patienceMs,
  );
});

async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await reached())) {
    if (Date.now() > deadline) throw new Error(`not reached in ${patienceMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
