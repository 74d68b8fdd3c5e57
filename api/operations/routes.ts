import { installationHeader, installationId } from '../../src/observability';
import { access } from '../core/access';
import { nothing } from '../core/fields';
import { media, Streamed } from '../core/reply';
import { route, type Route } from '../core/route';
import type { ApiDependencies } from '../dependencies';
import { readinessOf } from './readiness';

/** For operators and their tools, at the root path. */
export function operationsRoutes(deps: ApiDependencies): readonly Route[] {
  const readiness = readinessOf(deps);
  const installation = installationId(deps.config.home);
  return [
    route({
      method: 'get',
      path: '/',
      summary: 'Leads on to the documents',
      policy: access.anyone,
      response: media('text/html', 'A page that leads to /docs.'),
      handler: () =>
        new Streamed(
          'text/html; charset=utf-8',
          '<!doctype html><meta http-equiv="refresh" content="0; url=/docs"><a href="/docs">Trainyard</a>\n',
        ),
    }),
    route({
      method: 'get',
      path: '/health',
      summary: 'Liveness: the process answers',
      policy: access.anyone,
      response: nothing,
      handler: ({ setHeader }) => {
        setHeader(installationHeader, installation);
        return {};
      },
    }),
    route({
      method: 'get',
      path: '/ready',
      summary: 'Readiness: database, Temporal, artifact store and serving answer',
      description: '200, or 503 when one does not: the reply says of each whether it does.',
      policy: access.anyone,
      refuses: [503],
      response: media('application/json', '{"ready": true, "checks": {"database": true, …}}'),
      handler: async ({ setHeader }) => {
        setHeader(installationHeader, installation);
        const report = await readiness.report();
        const status = report.ready ? 200 : 503;
        if (!report.ready) setHeader('Retry-After', '5');
        return new Streamed('application/json', JSON.stringify(report), {}, status);
      },
    }),
    route({
      method: 'get',
      path: '/metrics',
      summary: 'Metrics in the Prometheus text format',
      policy: access.anyone,
      response: media('text/plain', 'Prometheus text format.'),
      handler: async ({ deps }) =>
        new Streamed(deps.metrics.contentType, await deps.metrics.metrics()),
    }),
  ];
}
