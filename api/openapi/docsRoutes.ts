import { createReadStream } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { access } from '../core/access';
import { media, Streamed } from '../core/reply';
import { route } from '../core/route';
import { docsPage, docsPolicy, docsScript } from './docsPage';

const swaggerUi = dirname(require.resolve('swagger-ui-dist/package.json'));
const fromSwaggerUi = (name: string) => () => createReadStream(join(swaggerUi, name));

const script = 'text/javascript; charset=utf-8';

/** The API's documents as a page with search, sign-in and try-out; all of it comes from this server. */
export const docsRoutes = [
  route({
    method: 'get',
    path: '/docs',
    summary: 'This API as a page',
    policy: access.anyone,
    response: media('text/html', 'A page with script.'),
    handler: () =>
      new Streamed('text/html; charset=utf-8', docsPage, { 'Content-Security-Policy': docsPolicy }),
  }),
  file('/docs/start.js', script, () => docsScript),
  file('/docs/swagger-ui-bundle.js', script, fromSwaggerUi('swagger-ui-bundle.js')),
  file('/docs/swagger-ui.css', 'text/css; charset=utf-8', fromSwaggerUi('swagger-ui.css')),
];

function file(path: `/${string}`, mediaType: string, content: () => string | Readable) {
  return route({
    method: 'get',
    path,
    summary: 'A part of the page /docs',
    policy: access.anyone,
    response: media(mediaType, 'A file.'),
    handler: () => new Streamed(mediaType, content(), { 'Cache-Control': 'max-age=3600' }),
  });
}
