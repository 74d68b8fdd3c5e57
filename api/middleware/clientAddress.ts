import { isIP, isIPv6 } from 'node:net';
import type { IncomingMessage } from 'node:http';
import type { Middleware } from 'koa';
import proxyAddr from 'proxy-addr';

const known = new WeakMap<IncomingMessage, string>();

/**
 * The address that a request comes from, without a zone, and as IPv4 where it is one. It is that of
 * the connection, or, when the operator's own proxies are on that end, the one that they name.
 */
export function clientAddress(request: IncomingMessage): string {
  return known.get(request) ?? plain(request.socket.remoteAddress ?? '');
}

/**
 * Notes each request's address for `clientAddress`.
 * @param trustedProxies addresses and networks (`10.0.0.0/8`) whose `X-Forwarded-For`, or
 *   `X-Real-Ip` where that is absent, is believed; nobody else's is
 */
export function clientAddresses(trustedProxies: readonly string[]): Middleware {
  const isTrusted = proxyAddr.compile([...trustedProxies]);
  return (ctx, next) => {
    known.set(ctx.req, addressOf(ctx.req, isTrusted));
    return next();
  };
}

/** The last address on the way from the connection to the client that somebody trusted vouches for. */
function addressOf(
  request: IncomingMessage,
  isTrusted: (address: string, i: number) => boolean,
): string {
  const socket = request.socket.remoteAddress ?? '';
  if (isIP(socket) === 0 || !isTrusted(socket, 0)) return plain(socket);
  const realIp = request.headers['x-real-ip'];
  const way =
    request.headers['x-forwarded-for'] === undefined && typeof realIp === 'string'
      ? [socket, realIp]
      : proxyAddr.all(request, isTrusted);
  // What a trusted proxy took over from a client unseen may be any text.
  return plain(way.findLast((address) => isIP(address) !== 0) ?? socket);
}

/** One spelling an address, so that addresses can be counted by it. */
function plain(address: string): string {
  const withoutZone = address.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(withoutZone)?.[1];
  if (mapped !== undefined) return mapped;
  return isIPv6(withoutZone)
    ? new URL(`http://[${withoutZone}]`).hostname.slice(1, -1)
    : withoutZone;
}
