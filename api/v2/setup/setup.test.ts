import { ensureFirstAdministrator } from '../../../src/auth/firstAdministrator';
import { testDatabasePatienceMs } from '../../../src/database/testing/testDatabase';
import { testApi, type TestApi } from '../../testing/testApi';

describe('/api/v2/setup', () => {
  let api: TestApi;
  beforeAll(async () => void (api = await testApi()), testDatabasePatienceMs);
  afterAll(() => api.stop());

  const account = { username: 'root', email: 'root@example.org', password: 'long enough' };
  const submit = (token: string, who = account) =>
    api
      .as()
      .post('/api/v2/setup')
      .type('form')
      .send({ ...who, token });

  it('shows a form that keeps the token and runs nothing in it', async () => {
    const { text } = await api.as().get('/api/v2/setup?token="><script>').expect(200);
    expect(text).toContain('name="token" value="&quot;&gt;&lt;script&gt;"');
    expect(text).not.toContain('<script');
  });

  it('makes the first administrator from the form, once', async () => {
    const token = (await ensureFirstAdministrator(api.deps.database, undefined))!;
    await submit('guess').expect(403);
    const short = await submit(token, { ...account, username: '' }).expect(422);
    expect(short.text).toBe('username: must not be empty\n');
    const weak = await submit(token, { ...account, password: 'x' }).expect(422);
    expect(weak.text).toBe('password: must have 8 characters at least\n');
    const done = await submit(token).expect(200);
    expect(done.headers['content-type']).toContain('text/html');
    await submit(token, { ...account, username: 'two', email: 'two@example.org' }).expect(403);
    const login = await api.as().get('/api/v2/user/login').auth(account.email, account.password);
    const info = await api.as({ token: login.body.access_token }).get('/api/v2/user/info');
    expect(info.body).toMatchObject({ username: 'root', admin: true });
  });
});
