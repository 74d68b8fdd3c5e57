import type { Middleware } from 'koa';
import { TrainyardError } from '../../src/errors';
import { HeaderedError } from './failures';

/** 404 for a path that nothing answers, 405 with `Allow` for one that knows other methods. */
export const unmatched: Middleware = (ctx) => {
  const layers = (ctx['matched'] ?? []) as { methods: string[] }[];
  const allowed = [...new Set(layers.flatMap(({ methods }) => methods))];
  if (allowed.length === 0) {
    throw new TrainyardError('config', 'not_found', `${ctx.path} not found`, 404);
  }
  const Allow = allowed.join(', ');
  const message = `method ${ctx.method} is not allowed on ${ctx.path}; allowed: ${Allow}`;
  throw new HeaderedError(405, 'method_not_allowed', message, { Allow });
};
