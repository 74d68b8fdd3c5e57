import { testDatabasePatienceMs } from '../src/database/testing/testDatabase';
import { access } from './core/access';
import { checkRoutes } from './core/checkRoutes';
import { nothing } from './core/fields';
import { route, type Route } from './core/route';
import { apiRoutes } from './server';
import { testApi, type TestApi } from './testing/testApi';

const id = '0b9f1c9e-6a52-4a58-8d8e-0e6d1b3a7c11';

/** Every declared route and method, as a request. */
const requests = apiRoutes.flatMap((declared) =>
  declared.method.map((method) => ({
    method,
    path: `/api/v2${declared.path.replaceAll(/:[^/]+/g, id)}`,
    credential: declared.policy.credential,
  })),
);
const guarded = requests.filter(({ credential }) => credential !== 'none');

describe('every route', () => {
  let api: TestApi;
  beforeAll(async () => void (api = await testApi()), testDatabasePatienceMs);
  afterAll(() => api.stop());

  const send = (method: string, path: string, token?: string) =>
    fetch(api.url + path, {
      method: method.toUpperCase(),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });

  it.each(guarded)('$method $path answers 401 without a token', async ({ method, path }) => {
    const reply = await send(method, path);
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBeTruthy();
  });

  it.each(guarded)(
    '$method $path answers 401 to tokens of another kind',
    async ({ method, path, credential }) => {
      const { tokens } = api.deps;
      const made = {
        user: tokens.signUser(id),
        job: tokens.signJob({ model_id: id }),
        forged: `${tokens.signUser(id)}x`,
        unknown: 'trainyard_unknown',
      };
      for (const [kind, token] of Object.entries(made)) {
        if (kind === credential) continue;
        expect([kind, (await send(method, path, token)).status]).toEqual([kind, 401]);
      }
    },
  );

  it('leaves open only what must be', () => {
    const open = requests.filter(({ credential }) => credential === 'none');
    expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'get /api/v2/health',
      'get /api/v2/setup',
      'post /api/v2/setup',
      'get /api/v2/password-reset',
      'post /api/v2/password-reset',
      'post /api/v2/user/signup',
      'post /api/v2/user/login-with-token',
    ]);
  });
});

describe('checkRoutes', () => {
  const good = route({
    method: 'get',
    path: '/thing/:thing_id',
    summary: 'A thing',
    policy: access.user,
    response: nothing,
    handler: () => ({}),
  });

  it('refuses a route without a policy', () => {
    const open = { ...good, policy: undefined } as unknown as Route;
    expect(() => checkRoutes([open])).toThrow('route get /thing/:thing_id: has no policy');
  });

  it('refuses a policy about a model on a path without one', () => {
    const lost = { ...good, policy: access.model('read') } as Route;
    expect(() => checkRoutes([lost])).toThrow('its policy needs :model_id');
  });

  it('refuses two routes for one path', () => {
    const twin = { ...good, path: '/thing/:other_id' };
    expect(() => checkRoutes([good, twin])).toThrow('is declared twice');
    const other = { ...twin, method: ['put'] } as Route;
    expect(() => checkRoutes([good, other])).toThrow('has the names of /thing/:thing_id in other');
  });
});
