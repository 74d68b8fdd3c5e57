import { access } from '../core/access';
import { nothing } from '../core/fields';
import { route } from '../core/route';

/** What v2 clients ask to see whether the platform is there. */
export const healthRoutes = [
  route({
    method: 'get',
    path: '/health',
    summary: 'Whether the API answers',
    policy: access.anyone,
    response: nothing,
    handler: () => ({}),
  }),
];
