import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

/** A small HTTP server for a process that otherwise has none. */
export interface HealthServer {
  port: number;
  close(): Promise<void>;
}

/**
 * Serves `/health` (the process is alive), `/ready` (200 once `isReady`, else 503) and `/metrics`.
 * @param port 0 takes any free one
 */
export async function startHealthServer(options: {
  host: string;
  port: number;
  registry: Registry;
  isReady: () => boolean;
}): Promise<HealthServer> {
  const { registry, isReady } = options;
  const server = createServer((request, response) => {
    const respond = (status: number, body: string, type = 'application/json'): void => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    if (request.url === '/health') return respond(200, '{}');
    if (request.url === '/ready')
      return respond(isReady() ? 200 : 503, JSON.stringify({ ready: isReady() }));
    if (request.url !== '/metrics') return respond(404, '{}');
    registry.metrics().then(
      (text) => respond(200, text, registry.contentType),
      () => respond(500, '{}'),
    );
  });
  await listening(server, options.port, options.host);
  return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
