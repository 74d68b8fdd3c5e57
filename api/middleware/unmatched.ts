import type { Middleware } from 'koa';
import { TrainyardError } from '../../src/errors';

/** 404 for a path that nothing answers. */
export const unmatched: Middleware = (ctx) => {
  throw pathNotFound(`${ctx.path} not found`);
};

export function pathNotFound(message: string): TrainyardError {
  return new TrainyardError('config', 'not_found', message, 404);
}
