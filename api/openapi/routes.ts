import { z } from 'zod';
import { access } from '../core/access';
import { route, type Route } from '../core/route';
import { describeDeployed } from '../inference/describeDeployed';
import { docsRoutes } from './docsRoutes';
import { openApiDocument } from './document';

/** The API's own documents, made from the declarations of its routes. */
export function documentation(routes: readonly Route[], rootRoutes: readonly Route[]): Route[] {
  const document = describeDeployed(openApiDocument(routes, rootRoutes));
  return [
    route({
      method: 'get',
      path: '/openapi.json',
      summary: 'This API as an OpenAPI 3.1 document',
      policy: access.anyone,
      response: z.record(z.string(), z.unknown()),
      handler: () => ({ ...document }),
    }),
    ...docsRoutes,
  ];
}
