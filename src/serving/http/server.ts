import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drainUnread } from '../../http/drainUnread';
import type { ServingContext } from './context';
import { route } from './router';

export interface ServingServer {
  port: number;
  /** Takes no new connection, lets requests end, and cuts what is left after `deadlineMs`. */
  drain(deadlineMs: number): Promise<void>;
}

/** Longer than what stands in front keeps idle connections, so that it is the one to close them. */
const keepAliveMs = 65_000;
const tidyingMs = 50;

export async function startServingServer(
  context: ServingContext,
  { host, port }: { host: string; port: number },
): Promise<ServingServer> {
  const server = createServer({ keepAliveTimeout: keepAliveMs }, (request, response) => {
    drainUnread(request, response);
    void route(context, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    drain: (deadlineMs) =>
      new Promise((resolve) => {
        const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs);
        // Connections that idle now are closed by `close`, those that will idle by this.
        const tidying = setInterval(() => server.closeIdleConnections(), tidyingMs);
        server.close(() => {
          clearTimeout(deadline);
          clearInterval(tidying);
          resolve();
        });
      }),
  };
}
