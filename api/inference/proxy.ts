import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Context, Middleware } from 'koa';
import type { Logger } from '../../src/observability';
import { reservedNames } from '../../src/serving/deploymentName';
import { changesNothing } from '../../src/serving/http/actions';
import { agentFor, forward, type Failure, type Upstream } from './forward';
import { ReplayableBody } from './replayableBody';

export interface ProxyOptions {
  /** Where the serving process listens, `http://host:port` or `https://host:port`. */
  url: string;
  logger: Logger;
  /** How long requests wait for a serving process that restarts. @default 10,000 ms */
  patienceMs?: number;
  /** How long a connection to it may take. @default 5,000 ms */
  connectMs?: number;
  /** How long it may take until its answer begins. @default 300,000 ms */
  answerMs?: number;
  /** How long it may be silent in the middle of an answer. @default 60,000 ms */
  idleMs?: number;
}

/** Bodies up to so many bytes are kept until the answer begins, so that they can be sent again. */
const keptBodyBytes = 1024 * 1024;
const retryPauseMs = 100;

/**
 * Hands requests for deployed models, `/<model id or name>/…`, to the serving process, so that one
 * origin serves everything. Bodies and answers are streamed, so that the serving process refuses whom
 * it refuses before a body is there. While it restarts requests wait. What it may have begun to do is
 * sent again only when the action changes nothing.
 */
export function forwardToServing({ url, logger, ...options }: ProxyOptions): Middleware {
  const { patienceMs = 10_000, connectMs = 5_000, answerMs = 300_000, idleMs = 60_000 } = options;
  const target = new URL(url);
  const upstream = { target, agent: agentFor(target), connectMs, answerMs, idleMs };
  return async (ctx, next) => {
    const [, segment = '', action = ''] = /^\/([^/]+)\/(.+)$/.exec(ctx.path) ?? [];
    if (action === '' || reservedNames.has(segment.toLowerCase())) {
      await next();
      return;
    }
    const failure = await tryFor(patienceMs, ctx, upstream, changesNothing(action));
    ctx.respond = false;
    if (failure === undefined || ctx.res.destroyed) return;
    logger.warn({ ...failure, action }, 'the serving process does not answer');
    refuse(ctx.res, failure, answerMs, changesNothing(action));
  };
}

/** Tries until there is an answer, another try could do harm, or the first failure is `patienceMs` ago. */
async function tryFor(
  patienceMs: number,
  ctx: Context,
  upstream: Upstream,
  mayRepeat: boolean,
): Promise<Failure | undefined> {
  const body = new ReplayableBody(ctx.req, keptBodyBytes);
  let deadline: number | undefined;
  for (;;) {
    const failure = await forward(ctx, body, upstream);
    if (failure === undefined || failure.silent || ctx.res.destroyed) return failure;
    if (failure.sent && !(mayRepeat && body.canBeSentAgain)) return failure;
    deadline ??= performance.now() + patienceMs;
    if (performance.now() > deadline) return failure;
    await pause(retryPauseMs);
  }
}

function refuse(
  response: ServerResponse,
  { sent, silent }: Failure,
  answerMs: number,
  mayRepeat: boolean,
): void {
  if (sent && !mayRepeat) {
    const message =
      'the serving process broke off, and may have done what was asked or not: look before you ask again [serving_interrupted]';
    return sendFailure(response, 502, message);
  }
  if (silent) {
    const message = `the model did not begin to answer within ${answerMs / 1000} s: ask for less at once, or try again later [serving_timeout]`;
    return sendFailure(response, 504, message, 10);
  }
  const message =
    'the serving process does not answer: it is restarting or is not running; try again in a few seconds [serving_unavailable]';
  return sendFailure(response, 503, message, 2);
}

/** In the envelope of deployed models. */
function sendFailure(
  response: ServerResponse,
  status: number,
  message: string,
  retryAfterSeconds?: number,
): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds);
  response.end(JSON.stringify({ status: 'failed', message, data: {} }));
}
