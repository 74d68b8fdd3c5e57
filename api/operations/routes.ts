import { z } from 'zod';
import { access } from '../core/access';
import { nothing } from '../core/fields';
import { media, Streamed } from '../core/reply';
import { route } from '../core/route';
import { assertReady } from './readiness';

/** For operators and their tools, at the root path. */
export const operationsRoutes = [
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
    handler: () => ({}),
  }),
  route({
    method: 'get',
    path: '/ready',
    summary: 'Readiness: database, Temporal and artifact store answer',
    description: '503 names what does not answer.',
    policy: access.anyone,
    response: z.object({ ready: z.literal(true) }),
    handler: async ({ deps }) => {
      await assertReady(deps);
      return { ready: true as const };
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
