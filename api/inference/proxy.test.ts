import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import Koa from 'koa';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createLogger } from '../../src/observability';
import { requestLog } from '../middleware/requestLog';
import { forwardToServing, type ProxyOptions } from './proxy';

jest.mock('../../src/model-types/registry', () =>
  jest.requireActual('../../src/model-types/testing/madeUpRegistry'),
);

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(stop));
});

async function listen(handler: RequestListener, port = 0): Promise<[Server, number]> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return [server, (server.address() as AddressInfo).port];
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** What tells its requests back, as the serving process would answer them. */
const echo: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    const bytes = Buffer.concat(chunks).length;
    response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify({ method, url, bytes, headers }));
  });
};

async function proxy(
  upstreamPort: number,
  options: Partial<ProxyOptions> = { patienceMs: 5000 },
): Promise<string> {
  const app = new Koa();
  const logger = createLogger('api', 'silent');
  app.use(forwardToServing({ url: `http://127.0.0.1:${upstreamPort}`, logger, ...options }));
  app.use((ctx) => {
    ctx.body = 'not forwarded';
  });
  const handle = app.callback();
  const [, port] = await listen((request, response) => void handle(request, response));
  return `http://127.0.0.1:${port}`;
}

async function freePort(): Promise<number> {
  const [server, port] = await listen(() => undefined);
  await stop(server);
  return port;
}

describe('forwardToServing', () => {
  it('answers one caller while another holds very many requests open', async () => {
    const many = 600;
    let held = 0;
    let allHeld: () => void;
    const arrived = new Promise<void>((resolve) => (allHeld = resolve));
    const [, port] = await listen((request, response) => {
      if (request.url !== '/slow/predict') return echo(request, response);
      if (++held === many) allHeld();
    });
    const url = await proxy(port);
    for (let i = 0; i < many; i++) {
      const dripping = httpRequest(`${url}/slow/predict`, { method: 'POST', agent: false });
      dripping.on('error', () => undefined);
      dripping.write('{');
    }
    await arrived;
    const response = await fetch(`${url}/quick/predict`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(200);
  }, 60_000);

  it('hands on method, path, query, body and the headers that are for the other end', async () => {
    const [, port] = await listen(echo);
    const response = await fetch(`${await proxy(port)}/name/predict?a=b`, {
      method: 'POST',
      headers: { authorization: 'Bearer t' },
      body: 'x'.repeat(1000),
    });
    const seen = (await response.json()) as { headers: Record<string, string> };
    expect(seen).toMatchObject({ method: 'POST', url: '/name/predict?a=b', bytes: 1000 });
    expect(seen.headers['authorization']).toBe('Bearer t');
  });

  it('streams bodies of unknown or large size', async () => {
    const [, port] = await listen(echo);
    const chunk = new Uint8Array(1024 * 1024);
    const chunks = Array.from({ length: 5 }, () => chunk);
    const response = await fetch(`${await proxy(port)}/name/get-text`, {
      method: 'POST',
      body: ReadableStream.from(chunks),
      duplex: 'half',
    });
    expect(await response.json()).toMatchObject({ bytes: 5 * 1024 * 1024 });
  });

  it('leaves reserved paths and single segments to others', async () => {
    const url = await proxy(await freePort());
    for (const path of ['/docs/x', '/API/v3/x', '/name', '/name/', '/']) {
      expect(await (await fetch(url + path)).text()).toBe('not forwarded');
    }
  });

  it('waits while the serving process restarts', async () => {
    const port = await freePort();
    const url = await proxy(port);
    const asked = fetch(`${url}/name/predict`, { method: 'POST', body: '{}' });
    await new Promise((resolve) => setTimeout(resolve, 150));
    await listen(echo, port);
    expect((await asked).status).toBe(200);
  });

  it('sends again what a dying process did not answer', async () => {
    let calls = 0;
    const [, port] = await listen((request, response) => {
      if (++calls === 1) request.socket.destroy();
      else echo(request, response);
    });
    const response = await fetch(`${await proxy(port)}/name/predict`, {
      method: 'POST',
      body: '12345',
    });
    expect(await response.json()).toMatchObject({ bytes: 5 });
    expect(calls).toBe(2);
  });

  it.each([
    ['an action that is declared to change something', 'learn'],
    ['an action that changes something in one of the kinds that have it', 'forget'],
    ['an action that no kind declares', 'unheard-of'],
  ])('sends %s only once', async (_, action) => {
    let calls = 0;
    const [, port] = await listen((request) => {
      calls++;
      request.socket.destroy();
    });
    const url = `${await proxy(port)}/name/${action}`;
    const response = await fetch(url, { method: 'POST', body: '1' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([502, null]);
    expect(await response.json()).toMatchObject({
      message: expect.stringContaining('[serving_interrupted]'),
    });
    expect(calls).toBe(1);
  });

  it('sends again a body that had come in part, and then the rest of it', async () => {
    let calls = 0;
    const [, port] = await listen((request, response) => {
      if (++calls > 1) return echo(request, response);
      request.once('data', () => {
        request.socket.destroy();
        client.end('of it');
      });
    });
    const client = httpRequest(`${await proxy(port)}/name/predict`, {
      method: 'POST',
      headers: { 'content-length': 10 },
    });
    client.write('half ');
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    expect(await json(response)).toMatchObject({ bytes: 10 });
  });

  it('passes a refusal on before the body has come', async () => {
    const [, port] = await listen((_, response) => {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"detail": "no"}');
    });
    const client = httpRequest(`${await proxy(port)}/name/predict`, {
      method: 'POST',
      headers: { 'content-length': 1000 },
    });
    client.on('error', () => undefined);
    client.write('only this');
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    expect([response.statusCode, await json(response)]).toEqual([401, { detail: 'no' }]);
    client.destroy();
  });

  it('says 504 when a process takes the request and is silent', async () => {
    let calls = 0;
    const [, port] = await listen(() => {
      calls++;
    });
    const url = await proxy(port, { answerMs: 100 });
    const response = await fetch(`${url}/name/predict`, { method: 'POST', body: '{}' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([504, '10']);
    expect(await response.json()).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('within 0.1 s'),
    });
    expect(calls).toBe(1);
  });

  it('cuts an answer that stops in the middle', async () => {
    const [, port] = await listen((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
    });
    const response = await fetch(`${await proxy(port, { idleMs: 100 })}/name/stats`);
    await expect(response.text()).rejects.toThrow();
  });

  it('says 503 and what to do when nobody answers in time', async () => {
    const url = await proxy(await freePort(), { patienceMs: 200 });
    const response = await fetch(`${url}/name/predict`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await response.json()).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('[serving_unavailable]'),
    });
  });

  it('tells the request log, and nobody else, whose request it was', async () => {
    const [, port] = await listen((_, response) => {
      response.writeHead(200, { 'x-trainyard-user': 'ana', 'x-other': 'b' }).end('{}');
    });
    const lines: string[] = [];
    const logger = pino({}, { write: (line) => void lines.push(line) });
    const app = new Koa();
    app.use(requestLog(logger, new Registry()));
    app.use(forwardToServing({ url: `http://127.0.0.1:${port}`, logger }));
    const handle = app.callback();
    let logged: Promise<unknown> | undefined;
    const [, own] = await listen((request, response) => {
      void handle(request, response);
      logged = once(response, 'close');
    });
    const response = await fetch(`http://127.0.0.1:${own}/name/predict`, { method: 'POST' });
    expect(Object.fromEntries(response.headers)).toMatchObject({ 'x-other': 'b' });
    expect(response.headers.has('x-trainyard-user')).toBe(false);
    await response.text();
    await logged;
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ path: '/name/predict', status: 200, user_id: 'ana' }),
    ]);
  });

  it('breaks off an answer that breaks off', async () => {
    const [, port] = await listen((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    const response = await fetch(`${await proxy(port)}/name/stats`);
    await expect(response.text()).rejects.toThrow();
  });

  it('gives up the request of a client that is gone', async () => {
    const closed = new Promise<void>((resolve) => {
      void listen((_, response) => response.on('close', resolve)).then(async ([, port]) => {
        const url = await proxy(port);
        const client = httpRequest(`${url}/name/stats`);
        client.on('error', () => undefined);
        client.end();
        servers[0]!.once('request', () => client.destroy());
      });
    });
    await closed;
  });
});
