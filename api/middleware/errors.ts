import type { Context, Middleware } from 'koa';
import { Counter, type Registry } from 'prom-client';
import { LimitReached } from '../../src/errors';
import type { Logger } from '../../src/observability';
import { explainFailure, type HttpFailure } from './failures';

/** With a 503 that does not say itself when to try again. */
const retryAfterSeconds = 5;

/**
 * Turns whatever was thrown into a reply: plain text and a newline, as v2 clients expect, or
 * `{code, message, request_id}` for who asks for `application/json` by name.
 */
export function errors(logger: Logger, metrics: Registry): Middleware {
  const limitsReached = new Counter({
    name: 'trainyard_limits_reached_total',
    help: 'Requests that were refused because of how much was asked for.',
    labelNames: ['limit'],
    registers: [metrics],
  });
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const requestId = String(ctx.state['requestId']);
      // Nobody is left to answer, and a client that goes away is no failure of ours.
      if (ctx.req.destroyed && !ctx.req.complete) return void (ctx.status = 499);
      if (error instanceof LimitReached) limitsReached.inc({ limit: error.code });
      const failure = explainFailure(error, requestId);
      if (failure.log) logger.error({ error, requestId, status: failure.status }, failure.message);
      answer(ctx, failure, requestId);
    }
  };
}

function answer(ctx: Context, failure: HttpFailure, requestId: string): void {
  if (ctx.headerSent) return void ctx.res.destroy();
  ctx.status = failure.status;
  ctx.set('X-Content-Type-Options', 'nosniff');
  if (failure.status === 503) ctx.set('Retry-After', String(retryAfterSeconds));
  for (const [name, value] of Object.entries(failure.headers)) ctx.set(name, value);
  if (asksForJson(ctx.get('Accept'))) {
    ctx.body = { code: failure.code, message: failure.message, request_id: requestId };
    return;
  }
  ctx.type = 'text/plain; charset=utf-8';
  ctx.body = `${failure.message}\n`;
}

/** Whether `application/json` stands in an Accept header itself; a wildcard is no wish. */
function asksForJson(accept: string): boolean {
  return accept.split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === 'application/json' && !parameters.some((part) => /^q=0(\.0*)?$/.test(part));
  });
}
