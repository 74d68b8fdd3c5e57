import type { Context } from 'koa';
import { noToken } from '../../src/auth/unauthorized';
import { isOwnOrigin } from './crossOrigin';
import { HeaderedError } from './failures';

const basicChallenge = { 'WWW-Authenticate': 'Basic realm="Trainyard", charset="UTF-8"' };

/** The token of a request: `Authorization: Bearer`, else the cookie `jwt`. Throws 401 without one. */
export function tokenOf(ctx: Context): string {
  const bearer = /^bearer +(\S+) *$/i.exec(ctx.get('Authorization'))?.[1];
  if (bearer !== undefined) return bearer;
  const cookie = ctx.cookies.get('jwt');
  if (cookie && !isForged(ctx)) return cookie;
  throw noToken();
}

/** The e-mail address and password of HTTP Basic, in UTF-8. Throws 401 without them. */
export function basicOf(ctx: Context): { email: string; password: string } {
  const encoded = /^basic +([A-Za-z0-9+/_=-]+) *$/i.exec(ctx.get('Authorization'))?.[1] ?? '';
  const [, email, password] =
    /^([^:]*):([^]*)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  if (email !== undefined && password !== undefined) return { email, password };
  throw new HeaderedError(
    401,
    'no_credentials',
    'no e-mail address and password found: send them with HTTP Basic',
    basicChallenge,
  );
}

/** Browsers send cookies with other sites' requests too: those may not act in the user's name. */
function isForged(ctx: Context): boolean {
  const site = ctx.get('Sec-Fetch-Site');
  if (site !== '' && site !== 'same-origin' && site !== 'none') return true;
  return ctx.get('Origin') !== '' && !isOwnOrigin(ctx);
}
