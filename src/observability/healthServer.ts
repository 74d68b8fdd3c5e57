import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { installationHeader } from './installation';
import type { Readiness } from './readiness';

/** A small HTTP server for a process that otherwise has none. */
export interface HealthServer {
  port: number;
  close(): Promise<void>;
}

export interface HealthServerOptions {
  host: string;
  /** 0 takes any free one. */
  port: number;
  registry: Registry;
  readiness: Pick<Readiness, 'report'>;
  /** See `installationId`. */
  installation: string;
}

/**
 * Serves `/health` (the process is alive), `/ready` (200 when all that it needs answers, else 503) and
 * `/metrics`.
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    response.setHeader(installationHeader, options.installation);
    respond(options, request.url, response).catch(() => response.destroy());
  });
  await listening(server, options.port, options.host);
  return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
}

async function respond(
  { registry, readiness }: HealthServerOptions,
  path: string | undefined,
  response: ServerResponse,
): Promise<void> {
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (path === '/health') return send(200, {});
  if (path === '/ready') {
    const report = await readiness.report();
    return send(report.ready ? 200 : 503, report);
  }
  if (path !== '/metrics') return send(404, {});
  const text = await registry.metrics();
  response.writeHead(200, { 'content-type': registry.contentType }).end(text);
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
