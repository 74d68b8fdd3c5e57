import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { TrainyardError } from '../../errors';
import type { Logger } from '../../observability';
import { ClientGone } from '../../http/readBody';
import { InvalidJson } from '../../http/scanJson';
import { shortened } from '../../support/words';
import { sendFailure, sendJson } from './respond';

/** What the caller sent is refused with: not what it should be, too slow, too large, encoded. */
const refusedBodies = new Set([400, 408, 413, 415]);

/** Characters of a URL that are logged: callers choose how long it is. */
const maxUrlLength = 300;

function urlOf(request: IncomingMessage): string {
  return shortened(request.url ?? '', maxUrlLength);
}

/** Answers a request whose handling threw. */
export function sendFailedRequest(
  logger: Logger,
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
): void {
  if (error instanceof ClientGone || response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof InvalidJson) {
    const detail = [
      { loc: ['body'], msg: `JSON decode error: ${error.message}`, type: 'json_invalid' },
    ];
    sendJson(response, 422, { detail });
    return;
  }
  if (error instanceof TrainyardError && error.kind !== 'bug') {
    // Reading the request was refused, or the model cannot answer now: then it is not the caller's.
    const status = refusedBodies.has(error.status) ? error.status : 503;
    if (status === 503)
      logger.warn({ error, url: urlOf(request) }, 'a request could not be answered');
    sendFailure(response, status, error.text, status === 503 ? { 'retry-after': '1' } : {});
    return;
  }
  const id = randomUUID();
  logger.error({ error, url: urlOf(request), request_id: id }, 'a request failed');
  sendJson(response, 500, {
    detail: `Internal error; the log of the serving process has more under request ${id}`,
  });
}
