import { createPasswordReset } from '../../../src/auth/passwordReset';
import { testDatabasePatienceMs } from '../../../src/database/testing/testDatabase';
import { password, testApi, type Person, type TestApi } from '../../testing/testApi';

const next = 'another good one';
const nobody = '00000000-0000-4000-8000-000000000000';

describe('a reset of a password', () => {
  let api: TestApi;
  let admin: Person;
  beforeAll(async () => {
    api = await testApi(undefined, { TRAINYARD_SIGN_IN_FAILURES: '3' });
    admin = await api.person('root', true);
  }, testDatabasePatienceMs);
  afterAll(() => api.stop());

  const linkFor = ({ user_id }: Pick<Person, 'user_id'>, who = admin) =>
    api.as(who).post(`/api/v2/user/${user_id}/password-reset`);
  const redeem = (token: string, body: object = {}) =>
    api
      .as()
      .post('/api/v2/password-reset')
      .type('form')
      .send({ token, password: next, ...body });
  const login = ({ email }: Person, secret: string) =>
    api.as().get('/api/v2/user/login').auth(email, secret);

  it('is a page under the policy of all pages, whose token runs nothing', async () => {
    const { body } = await linkFor(await api.person()).expect(200);
    const form = await api.as().get(body.path).expect(200);
    expect(form.text).toContain(`name="token" value="${body.token}"`);
    expect(form.headers['content-security-policy']).toContain("form-action 'self'");
    const { text } = await api.as().get('/api/v2/password-reset?token="><script>').expect(200);
    expect(text).not.toContain('<script');
  });

  it('sets the password once, and ends what was begun with the old one', async () => {
    const ana = await api.person();
    const { body } = await linkFor(ana).expect(200);
    const hours = (new Date(body.expires_at).getTime() - Date.now()) / 3_600_000;
    expect(Math.round(hours)).toBe(24);
    await login(ana, password).expect(200);
    const done = await redeem(body.token).expect(200);
    expect(done.text).toContain(ana.email);
    await redeem(body.token).expect(403);
    await api.as(ana).get('/api/v2/user/info').expect(401);
    await login(ana, password).expect(401);
    await login(ana, next).expect(200);
  });

  it('lets who has failed too often in again', async () => {
    const ana = await api.person();
    for (let n = 0; n < 3; n++) await login(ana, 'guess').expect(401);
    await login(ana, password).expect(429);
    const { body } = await linkFor(ana).expect(200);
    await redeem(body.token).expect(200);
    await login(ana, next).expect(200);
  });

  it('ends API tokens where the box is ticked', async () => {
    const ana = await api.person();
    const script = await api.as(ana).post('/api/v2/user/tokens').send({ name: 'x' }).expect(200);
    const { body } = await linkFor(ana).expect(200);
    await redeem(body.token, { end_api_tokens: 'on' }).expect(200);
    await api.as(script.body).get('/api/v2/user/info').expect(401);
  });

  it('keeps the link for a second try when the password is against the rules', async () => {
    const { body } = await linkFor(await api.person()).expect(200);
    const weak = await redeem(body.token, { password: 'x' }).expect(422);
    expect(weak.text).toBe('password: must have 8 characters at least\n');
    await redeem(body.token).expect(200);
  });

  it('happens once when the link is used twice at once', async () => {
    const { body } = await linkFor(await api.person()).expect(200);
    const both = await Promise.all([redeem(body.token), redeem(body.token)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403]);
  });

  it.each<[string, (ana: Person) => Promise<unknown>]>([
    ['a newer one', (ana) => linkFor(ana).expect(200)],
    [
      'a password that was changed meanwhile',
      (ana) =>
        api
          .as(ana)
          .post('/api/v2/user/password')
          .send({ current_password: password, new_password: 'yet another one' })
          .expect(200),
    ],
    [
      'the end of its day',
      (ana) =>
        api.deps.database.query('UPDATE password_reset SET expires_at = now() WHERE user_id = $1', [
          ana.user_id,
        ]),
    ],
    [
      'the deletion of the user',
      ({ user_id }) => api.as(admin).delete(`/api/v2/user/${user_id}`).expect(200),
    ],
  ])('is void after %s', async (_, happen) => {
    const ana = await api.person();
    const { token } = await createPasswordReset(api.deps.database, ana.user_id);
    await happen(ana);
    const refused = await redeem(token).expect(403);
    expect(refused.text).toMatch(/^this link is not valid/);
  });

  it('is for administrators to make, for users who are there', async () => {
    const ana = await api.person();
    await linkFor(ana, ana).expect(403);
    await linkFor({ user_id: nobody }).expect(404);
    await redeem('guess').expect(403);
  });

  it('keeps a hash of the token only', async () => {
    const { body } = await linkFor(await api.person()).expect(200);
    const rows: unknown = await api.deps.database.query('SELECT * FROM password_reset');
    expect(JSON.stringify(rows)).not.toContain(body.token);
  });
});
