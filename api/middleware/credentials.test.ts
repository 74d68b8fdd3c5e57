import { testDatabasePatienceMs } from '../../src/database/testing/testDatabase';
import { testApi, type Person, type TestApi } from '../testing/testApi';

describe('credentials', () => {
  let api: TestApi;
  let person: Person;
  beforeAll(async () => {
    api = await testApi();
    person = await api.person();
  }, testDatabasePatienceMs);
  afterAll(() => api.stop());

  const withCookie = () =>
    api.as().get('/api/v2/user/info').set('Cookie', `jwt=${person.token}; other=1`);

  it('are a bearer token, in any case of the word', async () => {
    const get = (header: string) => api.as().get('/api/v2/user/info').set('Authorization', header);
    await get(`Bearer ${person.token}`).expect(200);
    await get(`bearer  ${person.token}`).expect(200);
    await get(person.token).expect(401, 'no token found\n');
    await get('Bearer').expect(401, 'no token found\n');
    await get('Bearer x.y.z').expect(401, 'token is unauthorized\n');
  });

  it('are the cookie "jwt" of a page of our own', async () => {
    await withCookie().expect(200);
    await withCookie().set('Origin', api.url).expect(200);
    await withCookie().set('Sec-Fetch-Site', 'same-origin').expect(200);
  });

  it('are not the cookie when the request comes from another site', async () => {
    await withCookie().set('Origin', 'https://example.org').expect(401);
    await withCookie().set('Sec-Fetch-Site', 'cross-site').expect(401);
    await withCookie().set('Sec-Fetch-Site', 'same-site').expect(401);
    await withCookie().set('Origin', 'null').expect(401);
  });

  it('take a password with colons and letters of any language', async () => {
    const account = { username: 'țară', email: 'tara@example.org', password: 'a:ș:ț: long' };
    await api.as().post('/api/v2/user/signup').send(account).expect(200);
    const basic = Buffer.from(`${account.email}:${account.password}`).toString('base64');
    await api.as().get('/api/v2/user/login').set('Authorization', `Basic ${basic}`).expect(200);
  });
});
