import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Headers that are about one connection and must not travel through a proxy (RFC 9110, 7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // Answered by this process already.
  'expect',
]);

/** The headers of a request or answer that are for its final reader. */
export function endToEndHeaders({ headers }: IncomingMessage): IncomingHttpHeaders {
  const named = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/);
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !named.includes(name)),
  );
}
