import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { createLogger, createRegistry } from '../../src/observability';
import { requestLog } from './requestLog';

describe('the request log', () => {
  it('takes the start of a path, however long its caller made it', async () => {
    const lines: string[] = [];
    const logger = createLogger('api', 'info', { write: (line) => void lines.push(line) });
    const app = new Koa();
    app.use(requestLog(logger, createRegistry('api')));
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await fetch(`http://127.0.0.1:${port}/${'a'.repeat(12_000)}`);
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
    expect(lines).toHaveLength(1);
    expect(lines[0]!.length).toBeLessThan(1000);
    expect((JSON.parse(lines[0]!) as { path: string }).path).toBe(`/${'a'.repeat(299)}…`);
  });
});
