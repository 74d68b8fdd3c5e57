import { z } from 'zod';
import { access } from '../core/access';
import { media, Streamed } from '../core/reply';
import { route, type Route } from '../core/route';
import { describeDeployed } from '../inference/describeDeployed';
import { docsPage } from './docsPage';
import { openApiDocument } from './document';

/** The API's own documents, made from the declarations of its routes. */
export function documentation(routes: readonly Route[], rootRoutes: readonly Route[]): Route[] {
  const document = describeDeployed(openApiDocument(routes, rootRoutes));
  const page = docsPage(document);
  return [
    route({
      method: 'get',
      path: '/openapi.json',
      summary: 'This API as an OpenAPI 3.1 document',
      policy: access.anyone,
      response: z.record(z.string(), z.unknown()),
      handler: () => ({ ...document }),
    }),
    route({
      method: 'get',
      path: '/docs',
      summary: 'This API as a page to read',
      policy: access.anyone,
      response: media('text/html', 'A page without script.'),
      handler: () => new Streamed('text/html; charset=utf-8', page),
    }),
  ];
}
