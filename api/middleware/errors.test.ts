import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { testDatabasePatienceMs } from '../../src/database/testing/testDatabase';
import { LimitReached, TrainyardError } from '../../src/errors';
import { access } from '../core/access';
import { nothing } from '../core/fields';
import { media, Streamed } from '../core/reply';
import { route } from '../core/route';
import { testApi, type TestApi } from '../testing/testApi';

const common = { summary: 'For this test', policy: access.anyone };
const failing = (path: string, error: unknown) =>
  route({
    ...common,
    method: 'get',
    path,
    response: nothing,
    refuses: [422, 429],
    handler: () => {
      throw error;
    },
  });
const aborted = new Set<string>();

const routes = [
  failing('/expected', new TrainyardError('data', 'no_rows', 'there are no rows')),
  failing('/broken', new Error('/srv/secret/path: password hunter2')),
  failing('/bug', new TrainyardError('bug', 'oops', 'in /srv/secret', 500)),
  failing('/limited', new LimitReached('too_many_sheep', 'at most 3 sheep at once', 7)),
  failing('/text', 'thrown text'),
  route({
    ...common,
    method: 'post',
    path: '/echo',
    body: z.object({ text: z.string() }),
    maxBodyBytes: 1000,
    response: z.object({ text: z.string() }),
    handler: ({ body }) => body,
  }),
  route({
    ...common,
    method: 'post',
    path: '/store',
    body: z.object({ text: z.string() }),
    response: nothing,
    handler: async ({ deps, body }) => {
      await deps.database.query(`INSERT INTO setting VALUES ($1, '')`, [body.text]);
      return {};
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/cut',
    response: media('text/plain', 'Breaks after its first part.'),
    handler: () =>
      new Streamed(
        'text/plain',
        Readable.from(
          (async function* () {
            yield await Promise.resolve('first part');
            throw new Error('the rest is lost');
          })(),
        ),
      ),
  }),
  route({
    ...common,
    method: 'get',
    path: '/long',
    response: media('text/event-stream', 'Does not end by itself.'),
    handler: ({ signal }) => {
      const body = new Readable({ read: () => undefined });
      body.push('hello\n');
      signal.addEventListener('abort', () => {
        aborted.add('long');
        body.push(null);
      });
      return new Streamed('text/event-stream', body);
    },
  }),
];

describe('errors over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => void (api = await testApi(routes)), testDatabasePatienceMs);
  afterAll(() => api.stop());

  it('are a line of plain text', async () => {
    const reply = await api.as().get('/api/v2/expected').expect(422);
    expect(reply.text).toBe('there are no rows\n');
    expect(reply.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(reply.headers['x-content-type-options']).toBe('nosniff');
  });

  it('are JSON for who asks for application/json by name', async () => {
    const get = (accept: string) => api.as().get('/api/v2/expected').set('Accept', accept);
    const reply = await get('text/html, application/json;q=0.5').expect(422);
    expect(reply.body).toEqual({
      code: 'no_rows',
      message: 'there are no rows',
      request_id: reply.headers['x-request-id'],
    });
    expect((await get('*/*')).headers['content-type']).toContain('text/plain');
    expect((await get('application/json;q=0')).headers['content-type']).toContain('text/plain');
  });

  it.each(['broken', 'bug', 'text'])('hide what a %s one was about, behind an id', async (path) => {
    const reply = await api.as().get(`/api/v2/${path}`).expect(500);
    expect(reply.text).toContain(reply.headers['x-request-id']);
    expect(reply.text).not.toMatch(/secret|hunter2|thrown/);
  });

  it('of a limit say when to try again, and are counted by their code', async () => {
    const reply = await api.as().get('/api/v2/limited').expect(429, 'at most 3 sheep at once\n');
    expect(reply.headers['retry-after']).toBe('7');
    expect(await api.deps.metrics.metrics()).toContain(
      'trainyard_limits_reached_total{limit="too_many_sheep",part="api"} 1',
    );
  });

  it('say 404 for unknown paths and 405, with what is allowed, for wrong methods', async () => {
    await api.as().get('/api/v2/nowhere').expect(404, '/api/v2/nowhere not found\n');
    await api.as().get('/nowhere').expect(404);
    const reply = await api.as().put('/api/v2/echo').expect(405);
    expect(reply.headers['allow']).toBe('POST, OPTIONS');
  });

  it('tell text that cannot be stored from our own faults', async () => {
    await api.as().post('/api/v2/store').send({ text: 'a\0b' }).expect(422);
  });

  it('cut the connection when a reply breaks in the middle', async () => {
    const reply = await fetch(`${api.url}/api/v2/cut`);
    expect(reply.status).toBe(200);
    await expect(reply.text()).rejects.toThrow('terminated');
  });

  it('end a stream whose client has gone', async () => {
    const controller = new AbortController();
    const reply = await fetch(`${api.url}/api/v2/long`, { signal: controller.signal });
    await reply.body!.getReader().read();
    controller.abort();
    const deadline = Date.now() + 5000;
    while (!aborted.has('long') && Date.now() < deadline) await new Promise(setImmediate);
    expect(aborted).toContain('long');
  });

  describe('of bodies', () => {
    it('take JSON whatever its Content-Type', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'nonsense']) {
        const reply = api.as().post('/api/v2/echo').set('Content-Type', type);
        await reply.send('{"TEXT": "x"}').expect(200, { text: 'x' });
      }
    });

    it('refuse an empty, a broken, an encoded and a large one', async () => {
      const post = () => api.as().post('/api/v2/echo');
      const empty = await post().expect(400);
      expect(empty.text).toMatch(/^error parsing request body: /);
      await post().send('{"text": "x",}').expect(400);
      await post().set('Content-Encoding', 'gzip').send('{}').expect(415);
      await post()
        .send({ text: 'x'.repeat(1000) })
        .expect(413);
    });

    it('refuse a large one that does not say its length', async () => {
      const body = Readable.from([Buffer.alloc(600, ' '), Buffer.alloc(600, ' ')]);
      const reply = await fetch(`${api.url}/api/v2/echo`, {
        method: 'POST',
        body: Readable.toWeb(body) as ReadableStream,
        duplex: 'half',
      });
      expect(reply.status).toBe(413);
    });

    it('are not made of a client that leaves in the middle of one', async () => {
      const port = Number(new URL(api.url).port);
      const socket = connect(port, '127.0.0.1');
      socket.write('POST /api/v2/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"text"');
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.destroy();
      await api.as().post('/api/v2/echo').send({ text: 'still here' }).expect(200);
    });
  });

  it('carry the headers that keep pages from doing harm', async () => {
    const { headers } = await api.as().get('/api/v2/expected');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-frame-options']).toBe('DENY');
  });

  it('allow pages of their own origin only', async () => {
    const from = (origin: string) => api.as().options('/api/v2/echo').set('Origin', origin);
    const preflight = { 'Access-Control-Request-Method': 'POST' };
    const own = await from(api.url).set(preflight).expect(204);
    expect(own.headers).toMatchObject({
      'access-control-allow-origin': api.url,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET,POST,PUT,DELETE,OPTIONS',
      'access-control-max-age': '300',
    });
    const other = await from('https://example.org').set(preflight);
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
  });
});
