import { testDatabasePatienceMs } from '../../../src/database/testing/testDatabase';
import { password, testApi, type Person, type TestApi } from '../../testing/testApi';

const next = 'another good one';

describe('POST /api/v2/user/password', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await testApi(undefined, { TRAINYARD_SIGN_IN_FAILURES: '3' });
  }, testDatabasePatienceMs);
  afterAll(() => api.stop());

  const change = (who: Pick<Person, 'token'>, body: object) =>
    api.as(who).post('/api/v2/user/password').send(body);
  const login = (who: Person, secret: string) =>
    api.as().get('/api/v2/user/login').auth(who.email, secret);
  const apiToken = async (who: Person): Promise<Pick<Person, 'token'>> =>
    (await api.as(who).post('/api/v2/user/tokens').send({ name: 'script' }).expect(200)).body;

  it('changes it, ends access tokens and gives a new one; API tokens stay', async () => {
    const ana = await api.person();
    const script = await apiToken(ana);
    const body = { current_password: password, new_password: next };
    const changed = await change(ana, body).expect(200);
    await api.as(ana).get('/api/v2/user/info').expect(401, 'token is unauthorized\n');
    await api.as({ token: changed.body.access_token }).get('/api/v2/user/info').expect(200);
    await api.as(script).get('/api/v2/user/info').expect(200);
    await login(ana, password).expect(401);
    const { body: again } = await login(ana, next).expect(200);
    await api.as({ token: again.access_token }).get('/api/v2/user/info').expect(200);
  });

  it('ends API tokens where that is asked for', async () => {
    const ana = await api.person();
    const script = await apiToken(ana);
    const body = { current_password: password, new_password: next, end_api_tokens: true };
    await change(ana, body).expect(200);
    await api.as(script).get('/api/v2/user/info').expect(401);
  });

  it('needs the current one, and cannot be used to guess it', async () => {
    const ana = await api.person();
    const guess = () => change(ana, { current_password: 'guess', new_password: next });
    const wrong = await guess().expect(403);
    expect(wrong.text).toBe('current_password is not your password\n');
    await guess().expect(403);
    await guess().expect(403);
    await guess().expect(429);
    await change(ana, { current_password: password, new_password: next }).expect(429);
    await api.as(ana).get('/api/v2/user/info').expect(200);
  });

  it('holds the new one to the rules', async () => {
    const ana = await api.person();
    const weak = (new_password: string) =>
      change(ana, { current_password: password, new_password }).expect(422);
    expect((await weak('short')).text).toBe('password: must have 8 characters at least\n');
    expect((await weak(ana.email.toUpperCase())).text).toContain('must be neither the username');
  });

  it('needs a token', () => api.as().post('/api/v2/user/password').send({}).expect(401));
});
