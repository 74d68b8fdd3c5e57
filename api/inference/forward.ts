import { Agent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Context } from 'koa';
import { messageOf } from '../../src/errors';
import { userHeader } from '../../src/serving/access';
import { endToEndHeaders } from './headers';
import type { ReplayableBody } from './replayableBody';

/** The process that answers, and how long it may take. All times in milliseconds. */
export interface Upstream {
  target: URL;
  agent: Agent;
  /** Until there is a connection to it. */
  connectMs: number;
  /** From there until its answer begins. */
  answerMs: number;
  /** Without a byte of an answer that has begun. */
  idleMs: number;
}

/** What kept an answer from beginning. */
export interface Failure {
  cause: string;
  /** Whether some of the request may have arrived. */
  sent: boolean;
  /** It arrived, and there was no answer in `answerMs`. */
  silent: boolean;
}

/**
 * Keeps connections; those that idle are closed before the other end does. There may be as many as there
 * are requests: with a limit, whoever sends that many slow bodies keeps everybody else in line.
 */
export function agentFor(target: URL): Agent {
  const options = { keepAlive: true, maxSockets: Infinity, timeout: 60_000 };
  return target.protocol === 'https:' ? new HttpsAgent(options) : new Agent(options);
}

/** One try. Resolves when the answer is through, or with what kept it from beginning. */
export function forward(
  { req: incoming, res: outgoing, state }: Context,
  body: ReplayableBody,
  { target, agent, connectMs, answerMs, idleMs }: Upstream,
): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    let sent = false;
    let silent = false;
    const request = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const upstream = request(target, {
      agent,
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: endToEndHeaders(incoming),
    });
    let limit = setTimeout(() => upstream.destroy(new Error('no connection')), connectMs);
    const clientGone = (): void => void upstream.destroy();
    outgoing.once('close', clientGone);
    const settle = (failure?: Failure): void => {
      clearTimeout(limit);
      outgoing.off('close', clientGone);
      body.stop();
      resolve(failure);
    };
    upstream.once('response', (answer) => {
      clearTimeout(limit);
      // An answer before the end of the request is a refusal: nobody reads the rest.
      body.stop();
      upstream.setTimeout(idleMs, () => upstream.destroy(new Error('the answer broke off')));
      const { [userHeader]: userId, ...headers } = endToEndHeaders(answer);
      state['userId'] = userId;
      outgoing.writeHead(answer.statusCode ?? 502, headers as OutgoingHttpHeaders);
      answer.pipe(outgoing);
      // An answer that breaks off must not look complete.
      answer.once('error', () => outgoing.destroy());
      answer.once('close', () => {
        if (!body.isComplete) upstream.destroy();
        settle();
      });
    });
    upstream.on('error', (cause) => {
      if (outgoing.headersSent) outgoing.destroy();
      settle(outgoing.headersSent ? undefined : { cause: messageOf(cause), sent, silent });
    });
    const send = (): void => {
      sent = true;
      clearTimeout(limit);
      limit = setTimeout(() => {
        silent = true;
        upstream.destroy(new Error('no answer'));
      }, answerMs);
      body.sendTo(upstream);
    };
    // Nothing of the body is given away before somebody is there to take it.
    upstream.once('socket', (socket) => {
      const connected = target.protocol === 'https:' ? 'secureConnect' : 'connect';
      if (socket.connecting) socket.once(connected, send);
      else send();
    });
  });
}
