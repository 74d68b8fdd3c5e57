import Koa from 'koa';
import { listen } from './listen';

describe('listen', () => {
  it('lets requests under way end before it stops, and takes no new ones', async () => {
    const app = new Koa();
    let arrived: () => void;
    let finish: () => void;
    const atWork = new Promise<void>((resolve) => (arrived = resolve));
    const finished = new Promise<void>((resolve) => (finish = resolve));
    app.use(async (ctx) => {
      arrived();
      await finished;
      ctx.body = 'done';
    });
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    const reply = fetch(server.url).then((response) => response.text());
    await atWork;
    const stopped = server.stop();
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
    finish!();
    expect(await reply).toBe('done');
    await stopped;
  });

  it('says that a port is taken', async () => {
    const app = new Koa();
    const first = await listen(app, { host: '127.0.0.1', port: 0 });
    const second = listen(app, { host: '127.0.0.1', port: first.port });
    await expect(second).rejects.toThrow('EADDRINUSE');
    await first.stop();
  });
});
