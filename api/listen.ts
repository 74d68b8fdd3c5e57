import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Koa from 'koa';
import { drainUnread } from '../src/http/drainUnread';

export interface Listening {
  url: string;
  port: number;
  /** Takes no new requests, waits for those under way, and cuts off what lasts. */
  stop(): Promise<void>;
}

/** Node's five minutes end slow uploads; JSON bodies have a limit of their own. */
const slowestRequestMs = 24 * 60 * 60 * 1000;
/** Longer than proxies keep connections, so that they close first and no request meets a reset. */
const keepAliveMs = 75_000;
/** How long requests under way have when the process is asked to stop. */
const patienceMs = 20_000;

/** Serves an application over HTTP. @param port 0 takes any free one */
export async function listen(
  app: Koa,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const handle = app.callback();
  const server = createServer((request, response) => {
    drainUnread(request, response);
    void handle(request, response);
  });
  server.requestTimeout = slowestRequestMs;
  server.headersTimeout = 60_000;
  server.keepAliveTimeout = keepAliveMs;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${taken}`, port: taken, stop: () => stop(server) };
}

async function stop(server: Server): Promise<void> {
  const late = setTimeout(() => server.closeAllConnections(), patienceMs);
  // `close` ends the connections that are idle now; those that become idle later it waits for.
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(idle);
  clearTimeout(late);
}
