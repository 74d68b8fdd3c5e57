import { Writable } from 'node:stream';
import { Counter } from 'prom-client';
import { createLogger, createRegistry, installationHeader, Readiness, startHealthServer } from '.';

const quiet = createLogger('worker', 'silent');

function capture(): { stream: Writable; lines: () => Record<string, unknown>[] } {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const lines = (): Record<string, unknown>[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { stream, lines };
}

describe('createLogger', () => {
  it('writes one JSON line a record with the part that wrote it', () => {
    const { stream, lines } = capture();
    createLogger('api', 'info', stream).info({ model: 'm1' }, 'deployed');
    expect(lines()).toEqual([
      expect.objectContaining({ level: 'info', part: 'api', model: 'm1', msg: 'deployed' }),
    ]);
  });

  it('replaces secrets at any usual depth', () => {
    const { stream, lines } = capture();
    createLogger('api', 'info', stream).info({
      password: 'hunter2',
      headers: { authorization: 'hunter2', 'x-api-key': 'hunter2' },
      request: { body: { token: 'hunter2' } },
    });
    expect(JSON.stringify(lines())).not.toContain('hunter2');
  });
});

describe('startHealthServer', () => {
  it('answers alive at once, ready when ready, and the metrics', async () => {
    const registry = createRegistry('worker');
    new Counter({ name: 'trainings', help: 'trainings', registers: [registry] }).inc();
    let database = false;
    const readiness = new Readiness({ database: () => database }, quiet, { maxAgeMs: -1 });
    const server = await startHealthServer({
      host: '127.0.0.1',
      port: 0,
      registry,
      readiness,
      installation: 'ours',
    });
    const get = (path: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${server.port}${path}`);
    expect((await get('/health')).status).toBe(200);
    expect((await get('/health')).headers.get(installationHeader)).toBe('ours');
    const before = await get('/ready');
    expect(before.status).toBe(503);
    expect(await before.json()).toEqual({ ready: false, checks: { database: false } });
    database = true;
    expect((await get('/ready')).status).toBe(200);
    expect(await (await get('/metrics')).text()).toContain('trainings{part="worker"} 1');
    expect((await get('/other')).status).toBe(404);
    await server.close();
  });
});
