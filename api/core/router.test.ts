import { testDatabasePatienceMs } from '../../src/database/testing/testDatabase';
import { apiRoutes } from '../server';
import { testApi, type TestApi } from '../testing/testApi';

const id = '0b9f1c9e-6a52-4a58-8d8e-0e6d1b3a7c11';

/** Each path with the methods that are declared for it. */
const paths = [...new Set(apiRoutes.map(({ path }) => path))].map((path) => ({
  path: `/api/v2${path.replaceAll(/:[^/]+/g, id)}`,
  declared: apiRoutes
    .filter((route) => route.path === path)
    .flatMap(({ method }) => method.map((name) => name.toUpperCase())),
}));

describe('every path', () => {
  let api: TestApi;
  beforeAll(async () => void (api = await testApi()), testDatabasePatienceMs);
  afterAll(() => api.stop());

  const send = (method: string, path: string) => fetch(api.url + path, { method });
  const allowed = (reply: Response) => reply.headers.get('allow')!.split(', ').sort();

  it.each(paths)('$path allows what is declared for it', async ({ path, declared }) => {
    const expected = [...declared, ...(declared.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort();
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      if (expected.includes(method)) continue;
      const reply = await send(method, path);
      expect([method, reply.status, allowed(reply)]).toEqual([method, 405, expected]);
    }
    const options = await send('OPTIONS', path);
    expect([options.status, allowed(options)]).toEqual([204, expected]);
  });

  it.each([
    ['POST', '/api/v2/model/upload'],
    ['POST', '/api/v2/model/create-api-key'],
    ['POST', '/api/v2/model/delete-api-key'],
    ['GET', '/api/v2/model/list-api-keys'],
    ['OPTIONS', '/api/v2/model/anything'],
    ['PUT', '/api/v2/user/anyone'],
    ['GET', '/api/v2/model'],
    ['GET', '/api/v2/train/ndb'],
  ])('%s %s is not there', async (method, path) => {
    const { token } = await api.person();
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(api.url + path, { method, headers })).status).toBe(404);
  });

  it('says what there is in place of what v2 clients look for', async () => {
    const reply = await api.as().get('/api/v2/model/list-api-keys').expect(404);
    expect(reply.text).toContain('/api/v2/user/tokens');
  });

  it('says of an id that is no UUID that it is none', async () => {
    const ann = await api.person();
    await api
      .as(ann)
      .get('/api/v2/model/abc')
      .expect(400, /invalid uuid 'abc'/);
  });
});
