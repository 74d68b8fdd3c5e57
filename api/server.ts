import { setMaxListeners } from 'node:events';
import Koa, { type Middleware } from 'koa';
import { checkRoutes } from './core/checkRoutes';
import type { Route } from './core/route';
import { routerOf } from './core/router';
import type { ApiDependencies } from './dependencies';
import { clientAddresses } from './middleware/clientAddress';
import { crossOrigin } from './middleware/crossOrigin';
import { errors } from './middleware/errors';
import { requestLog } from './middleware/requestLog';
import { securityHeaders } from './middleware/securityHeaders';
import { unmatched } from './middleware/unmatched';
import { documentation } from './openapi/routes';
import { healthRoutes } from './operations/health';
import { operationsRoutes } from './operations/routes';
import { absentPaths } from './v2/absentPaths';
import { deployRoutes } from './v2/deploy/routes';
import { encoderRoutes } from './v2/encoders/routes';
import { modelRoutes } from './v2/models/routes';
import { passwordResetRoutes } from './v2/passwordReset/routes';
import { setupRoutes } from './v2/setup/routes';
import { teamRoutes } from './v2/teams/routes';
import { trainRoutes } from './v2/train/routes';
import { userRoutes } from './v2/users/routes';

/** Everything below `/api/v2`: each resource's routes, a line a resource. */
export const apiRoutes: readonly Route[] = [
  ...healthRoutes,
  ...setupRoutes,
  ...passwordResetRoutes,
  ...userRoutes,
  ...teamRoutes,
  ...modelRoutes,
  ...encoderRoutes,
  ...trainRoutes,
  ...deployRoutes,
];

/**
 * Puts middleware and resources together.
 * @param inference what answers `/<model id or deployment name>/…`; it gets every request that no
 *   route here answers, and calls `next` for those that are not its own
 * @param routes what is below `/api/v2`
 * @throws Error when a route has no policy or stands in the way of another
 */
export function createApp(
  deps: ApiDependencies,
  inference: readonly Middleware[] = [],
  routes: readonly Route[] = apiRoutes,
): Koa {
  const operations = operationsRoutes(deps);
  const rootRoutes = [...operations, ...documentation(routes, operations)];
  checkRoutes(routes);
  checkRoutes(rootRoutes);
  setMaxListeners(0, deps.stopping);
  const app = new Koa();
  // What reaches Koa itself is a connection that broke: everything else was answered by then.
  app.on('error', (error: unknown) => deps.logger.debug({ error }, 'a connection broke'));
  app.use(clientAddresses(deps.config.api.trustedProxies));
  app.use(requestLog(deps.logger, deps.metrics));
  app.use(securityHeaders);
  app.use(errors(deps.logger, deps.metrics));
  app.use(crossOrigin());
  app.use(routerOf(routes, '/api/v2', deps, absentPaths));
  app.use(routerOf(rootRoutes, '', deps));
  for (const middleware of inference) app.use(middleware);
  app.use(unmatched);
  return app;
}
