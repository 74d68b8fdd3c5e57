import { randomUUID } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import { Histogram, type Registry } from 'prom-client';
import type { User } from '../../src/database/accounts/users';
import type { Logger } from '../../src/observability';
import { clientAddress } from './clientAddress';
import { shortened } from '../../src/support/words';

/** Characters of a path that are logged: callers choose how long it is. */
const maxPathLength = 300;

/**
 * One line and one measurement a request. The line is also the audit log: who, from where, what,
 * with which outcome. The query and all headers stay out of it: secrets travel there.
 */
export function requestLog(logger: Logger, metrics: Registry): Middleware {
  const seconds = new Histogram({
    name: 'trainyard_http_request_seconds',
    help: 'Time from the first byte of a request to the end of its reply.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 60],
    registers: [metrics],
  });
  return async (ctx, next) => {
    const began = performance.now();
    const requestId = randomUUID();
    ctx.state['requestId'] = requestId;
    ctx.set('X-Request-Id', requestId);
    ctx.res.once('close', () => {
      const ms = performance.now() - began;
      const route = routeOf(ctx);
      seconds.observe({ method: ctx.method, route, status: ctx.res.statusCode }, ms / 1000);
      const level = isProbe(ctx.path) ? 'debug' : 'info';
      logger[level](lineOf(ctx, requestId, ms), 'request');
    });
    await next();
  };
}

function lineOf(ctx: Context, requestId: string, ms: number): Record<string, unknown> {
  const user = ctx.state['user'] as User | undefined;
  // Of a prediction, the serving process knows who asked for it.
  const userId = user?.id ?? (ctx.state['userId'] as string | undefined);
  return {
    requestId,
    method: ctx.method,
    path: shortened(ctx.path, maxPathLength),
    protocol: `HTTP/${ctx.req.httpVersion}`,
    status: ctx.res.statusCode,
    ms: Math.round(ms * 10) / 10,
    ip: clientAddress(ctx.req),
    ...(userId === undefined ? {} : { user_id: userId }),
    ...(user ? { username: user.username } : {}),
    ...(ctx.res.writableFinished ? {} : { aborted: true }),
  };
}

/** The declared path, so that ids do not make a time series each. */
function routeOf(ctx: Context): string {
  const route: unknown = ctx.state['route'];
  return typeof route === 'string' ? route : 'other';
}

function isProbe(path: string): boolean {
  return path === '/health' || path === '/ready' || path === '/metrics';
}
