import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long a client may go on sending after its reply. */
const patienceMs = 5_000;

/**
 * Reads away what is left of a body that was answered before its end (a refused upload), for a
 * while: closing at once would reset the connection before the client has read the reply, and
 * leaving it would hold the connection open for ever.
 */
export function drainUnread(request: IncomingMessage, response: ServerResponse): void {
  response.once('finish', () => {
    if (request.complete) return;
    const late = setTimeout(() => request.destroy(), patienceMs);
    request.once('close', () => clearTimeout(late));
    request.resume();
  });
}
