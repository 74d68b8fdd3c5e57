import type { Context } from 'koa';
import { noToken } from '../../src/auth/unauthorized';
import { isOwnOrigin } from './crossOrigin';

/** The token of a request: `Authorization: Bearer`, else the cookie `jwt`. Throws 401 without one. */
export function tokenOf(ctx: Context): string {
  const bearer = /^bearer +(\S+) *$/i.exec(ctx.get('Authorization'))?.[1];
  if (bearer !== undefined) return bearer;
  const cookie = ctx.cookies.get('jwt');
  if (cookie && !isForged(ctx)) return cookie;
  throw noToken();
}

/** Browsers send cookies with other sites' requests too: those may not act in the user's name. */
function isForged(ctx: Context): boolean {
  const site = ctx.get('Sec-Fetch-Site');
  if (site !== '' && site !== 'same-origin' && site !== 'none') return true;
  return ctx.get('Origin') !== '' && !isOwnOrigin(ctx);
}
