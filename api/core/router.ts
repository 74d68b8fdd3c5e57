import { METHODS } from 'node:http';
import Router from '@koa/router';
import type { Middleware } from 'koa';
import { HeaderedError } from '../middleware/failures';
import { pathNotFound } from '../middleware/unmatched';
import type { ApiDependencies } from '../dependencies';
import { mostSpecificFirst } from './checkRoutes';
import { execute } from './execute';
import { areValidParams } from './pathParams';
import type { Route } from './route';

/** Paths that v2 clients may ask for and that are not here, each with what there is in its place. */
export type AbsentPaths = Readonly<Record<string, string>>;

/**
 * Leads requests to their routes. Of the paths that a request fits, the most specific alone counts, with
 * its methods: `DELETE /user/info` is a wrong method, and no user whose id is `info`.
 */
export function routerOf(
  routes: readonly Route[],
  prefix: string,
  deps: ApiDependencies,
  absent: AbsentPaths = {},
): Middleware {
  const router = new Router({ prefix });
  const register = (path: string, middleware: Middleware): void => {
    router.register(path, METHODS, (ctx, next) => {
      ctx.state['route'] = prefix + path;
      return middleware(ctx, next) as Promise<unknown>;
    });
  };
  for (const [path, instead] of Object.entries(absent)) {
    register(path, () => {
      throw pathNotFound(`${prefix}${path} is not offered here: ${instead}`);
    });
  }
  for (const path of new Set(mostSpecificFirst(routes).map((declared) => declared.path))) {
    const declared = routes.filter((route) => route.path === path);
    register(path, byMethod(declared, deps));
  }
  return router.routes() as unknown as Middleware;
}

/** Answers all methods of one path. */
function byMethod(declared: readonly Route[], deps: ApiDependencies): Middleware {
  const handlers = new Map(
    declared.flatMap((route) => {
      const handler = execute(route, deps);
      return methodsOf(route).map((method) => [method, handler] as const);
    }),
  );
  const Allow = [...handlers.keys(), 'OPTIONS'].join(', ');
  return (ctx, next) => {
    const handler = handlers.get(ctx.method);
    if (handler) return handler(ctx, next) as Promise<unknown>;
    const params = ctx['params'] as Record<string, string>;
    // Another path of this shape, which is not there: `POST /model/upload` is about no model.
    if (!declared.some((route) => areValidParams(params, route.params))) {
      throw pathNotFound(`${ctx.path} not found`);
    }
    if (ctx.method === 'OPTIONS') {
      ctx.set({ Allow });
      ctx.status = 204;
      return Promise.resolve();
    }
    const message = `method ${ctx.method} is not allowed on ${ctx.path}; allowed: ${Allow}`;
    throw new HeaderedError(405, 'method_not_allowed', message, { Allow });
  };
}

function methodsOf({ method }: Route): string[] {
  return method.flatMap((name) => (name === 'get' ? ['GET', 'HEAD'] : [name.toUpperCase()]));
}
