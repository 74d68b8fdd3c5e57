import cors from '@koa/cors';
import type { Context, Middleware } from 'koa';

/** Pages of one origin may call the API from a browser: those that come from its own address. */
export function crossOrigin(): Middleware {
  return cors({
    origin: (ctx) => (isOwnOrigin(ctx) ? ctx.get('Origin') : ''),
    allowMethods: 'GET,POST,PUT,DELETE,OPTIONS',
    exposeHeaders: 'X-Next-After,X-Request-Id,Content-Disposition',
    credentials: true,
    maxAge: 300,
  });
}

/**
 * Whether the request's `Origin` is the address that it was sent to. The scheme is not compared:
 * behind a proxy that ends TLS it differs.
 */
export function isOwnOrigin(ctx: Context): boolean {
  const origin = ctx.get('Origin');
  return URL.canParse(origin) && new URL(origin).host === ctx.get('Host');
}
