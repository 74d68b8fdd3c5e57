import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Context, Middleware } from 'koa';
import { userHeader } from '../../src/serving/access';
import { reservedNames } from '../../src/serving/deploymentName';
import { messageOf } from '../../src/errors';
import type { Logger } from '../../src/observability';
import { endToEndHeaders } from './headers';
import { readIfSmall } from './readIfSmall';

export interface ProxyOptions {
  /** Where the serving process listens, `http://host:port`. */
  url: string;
  logger: Logger;
  /** How long requests wait for a serving process that restarts. @default 10 s */
  patienceMs?: number;
}

/** Bodies up to so many bytes are kept until the answer begins, so that they can be sent again. */
const keptBodyBytes = 1024 * 1024;
const retryPauseMs = 100;

/**
 * Hands requests for deployed models, `/<model id or name>/…`, to the serving process, so that one
 * origin serves everything. Bodies and answers are streamed. While the serving process restarts,
 * requests that have not been answered in part wait and are sent again; asking a model changes
 * nothing, so sending twice is harmless.
 */
export function forwardToServing({ url, logger, patienceMs = 10_000 }: ProxyOptions): Middleware {
  const target = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 512, timeout: 60_000 });
  return async (ctx, next) => {
    const [, segment = '', rest = ''] = /^\/([^/]+)\/(.+)$/.exec(ctx.path) ?? [];
    if (rest === '' || reservedNames.has(segment.toLowerCase())) {
      await next();
      return;
    }
    const deadline = Date.now() + patienceMs;
    const kept = await readIfSmall(ctx.req, keptBodyBytes);
    for (;;) {
      const failure = await forward(ctx, kept, target, agent);
      if (failure === undefined) break;
      const gone = ctx.res.destroyed;
      if (gone || (failure.sent && kept === undefined) || Date.now() > deadline) {
        if (!gone) logger.warn({ error: failure.cause }, 'the serving process does not answer');
        if (!ctx.res.headersSent) unavailable(ctx.res);
        break;
      }
      await pause(retryPauseMs);
    }
    ctx.respond = false;
  };
}

interface Failure {
  cause: unknown;
  /** Whether some of the request may have arrived. */
  sent: boolean;
}

/** One attempt. Resolves when the answer is through, or with what kept it from beginning. */
function forward(
  { req: incoming, res: outgoing, state }: Context,
  kept: Buffer | undefined,
  target: URL,
  agent: Agent,
): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    let sent = false;
    const upstream = httpRequest({
      agent,
      host: target.hostname,
      port: target.port === '' ? 80 : target.port,
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: endToEndHeaders(incoming),
    });
    const clientGone = (): void => void upstream.destroy();
    outgoing.once('close', clientGone);
    const settle = (failure?: Failure): void => {
      outgoing.off('close', clientGone);
      resolve(failure);
    };
    upstream.once('response', (answer) => {
      const { [userHeader]: userId, ...headers } = withoutHopByHop(answer);
      state['userId'] = userId;
      outgoing.writeHead(answer.statusCode ?? 502, headers);
      answer.pipe(outgoing);
      // An answer that breaks off must not look complete.
      answer.once('error', () => outgoing.destroy());
      answer.once('close', () => settle());
    });
    upstream.once('error', (cause) => {
      if (outgoing.headersSent) outgoing.destroy();
      settle(outgoing.headersSent ? undefined : { cause: messageOf(cause), sent });
    });
    const send = (): void => {
      sent = true;
      if (kept !== undefined) upstream.end(kept);
      else incoming.pipe(upstream);
    };
    // Nothing of a streamed body is given away before somebody is there to take it.
    upstream.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', send);
      else send();
    });
  });
}

function withoutHopByHop(answer: IncomingMessage): Record<string, string | string[]> {
  return endToEndHeaders(answer) as Record<string, string | string[]>;
}

function unavailable(response: ServerResponse): void {
  const message =
    'the serving process does not answer: it is restarting or is not running; try again in a few seconds [serving_unavailable]';
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '2' });
  response.end(JSON.stringify({ status: 'failed', message, data: {} }));
}
