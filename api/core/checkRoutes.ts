import type { Route } from './route';

/**
 * What types cannot say about a list of routes. The server does not start otherwise.
 * @throws Error naming the route and what is wrong with it
 */
export function checkRoutes(routes: readonly Route[]): void {
  const seen = new Set<string>();
  const paths = new Map<string, string>();
  for (const declared of routes) {
    const refuse = (reason: string): never => {
      throw new Error(`route ${declared.method.join(',')} ${declared.path}: ${reason}`);
    };
    // Looked at again here, for callers that got past the types.
    const policy = declared.policy as Route['policy'] | undefined;
    if (typeof policy?.permit !== 'function') return refuse('has no policy');
    for (const name of policy.params) {
      if (!declared.path.split('/').includes(`:${name}`)) refuse(`its policy needs :${name}`);
    }
    if (declared.idempotent && policy.credential !== 'user') {
      refuse('is idempotent, which needs a user');
    }
    const shape = declared.path.replaceAll(/:[^/]+/g, ':');
    for (const method of declared.method) {
      const key = `${method} ${shape}`;
      if (seen.has(key)) refuse('is declared twice');
      seen.add(key);
    }
    const same = paths.get(shape) ?? declared.path;
    if (same !== declared.path) refuse(`has the names of ${same} in other words`);
    paths.set(shape, same);
  }
}

/** Fixed paths before paths with names in them: `/model/list` is no model's id. */
export function mostSpecificFirst(routes: readonly Route[]): Route[] {
  const names = (declared: Route): number => declared.path.split(':').length;
  return [...routes].sort((a, b) => names(a) - names(b));
}
