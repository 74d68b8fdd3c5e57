import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long a client may go on sending after its reply. */
const patienceMs = 5_000;
/** After each piece of a body that nobody wants, its sender waits: some MiB a second, to the good of others. */
const pauseMs = 8;

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
    if (!isUpload(request)) request.on('data', () => slowDown(request));
    request.resume();
  });
}

/** Files are larger, come from those who have said who they are, and their senders often read no reply before the end. */
function isUpload({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.startsWith('multipart/') ?? false;
}

function slowDown(request: IncomingMessage): void {
  request.pause();
  setTimeout(() => request.resume(), pauseMs);
}
