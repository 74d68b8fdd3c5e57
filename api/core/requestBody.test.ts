import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { testDatabasePatienceMs } from '../../src/database/testing/testDatabase';
import { testApi, type TestApi } from '../testing/testApi';
import { access } from './access';
import { nothing } from './fields';
import { route } from './route';

const post = { method: 'post', summary: 'For this test', response: nothing } as const;
const body = z.object({ text: z.string().optional() });
const handler = () => ({});

const routes = [
  route({ ...post, path: '/open', policy: access.anyone, body, handler }),
  route({ ...post, path: '/hasty', policy: access.anyone, body, maxBodyMs: 100, handler }),
  route({ ...post, path: '/signed-in', policy: access.user, body, handler }),
  route({ ...post, path: '/few', policy: access.anyone, body, maxBodyValues: 10, handler }),
];

describe('a JSON body', () => {
  let api: TestApi;
  beforeAll(async () => void (api = await testApi(routes)), testDatabasePatienceMs);
  afterAll(() => api.stop());

  it('that takes too long is answered with 408 before the connection is closed', async () => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST /api/v2/hasty HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"text"');
    const reply = await text(socket);
    expect(reply).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
    expect(reply).toMatch(/the request body was not complete after 0.1 s/);
  }, 60_000);

  it('may be 64 KiB without a token, and 10 MiB with one', async () => {
    const large = { text: 'x'.repeat(64 * 1024) };
    const refused = await api.as().post('/api/v2/open').send(large).expect(413);
    expect(refused.text).toContain('larger than 64 KiB');
    await api.as().post('/api/v2/signed-in').send(large).expect(401);
    const ann = await api.person();
    await api.as(ann).post('/api/v2/signed-in').send(large).expect(200);
    const larger = { text: 'x'.repeat(10 << 20) };
    await api
      .as(ann)
      .post('/api/v2/signed-in')
      .send(larger)
      .expect(413, /larger than 10 MiB/);
  });

  it('may have so many values', async () => {
    const list = (values: number) => ({ list: Array.from({ length: values }, () => 0) });
    await api.as().post('/api/v2/few').send(list(9)).expect(200);
    await api
      .as()
      .post('/api/v2/few')
      .send(list(10))
      .expect(413, /more than 10 values/);
  });

  it('is UTF-8, with or without a byte order mark', async () => {
    const send = (bytes: Buffer) =>
      fetch(`${api.url}/api/v2/open`, { method: 'POST', body: new Uint8Array(bytes) });
    expect((await send(Buffer.from('\ufeff{"text": "x"}'))).status).toBe(200);
    const reply = await send(Buffer.from('{"text": "caf\xe9"}', 'latin1'));
    expect([reply.status, await reply.text()]).toEqual([
      400,
      'error parsing request body: the body is not UTF-8: send JSON in UTF-8\n',
    ]);
  });
});
