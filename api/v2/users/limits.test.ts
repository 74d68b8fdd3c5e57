import { randomUUID } from 'node:crypto';
import { testDatabasePatienceMs } from '../../../src/database/testing/testDatabase';
import { password, testApi, type Person, type TestApi } from '../../testing/testApi';

describe('limits on signing up and in', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await testApi(undefined, {
      TRAINYARD_TRUSTED_PROXIES: 'loopback',
      TRAINYARD_SIGN_UPS_PER_HOUR: '2',
      TRAINYARD_SIGN_INS_PER_MINUTE: '40',
      TRAINYARD_SIGN_IN_FAILURES: '5',
      TRAINYARD_PASSWORD_MIN: '1',
    });
  }, testDatabasePatienceMs);
  afterAll(() => api.stop());

  const signUp = (address: string, secret = password) =>
    api
      .as()
      .post('/api/v2/user/signup')
      .set('X-Forwarded-For', address)
      .send({
        username: randomUUID(),
        email: `${randomUUID()}@example.org`,
        password: secret,
      });
  const signIn = (who: Pick<Person, 'email'>, secret: string, address: string) =>
    api
      .as()
      .get('/api/v2/user/login')
      .set('X-Forwarded-For', address)
      .auth(who.email, secret)
      .then(({ status, headers, text }) => ({ status, retryAfter: headers['retry-after'], text }));
  const statuses = async (times: number, ask: () => Promise<{ status: number }>) =>
    (await Promise.all(Array.from({ length: times }, ask))).map(({ status }) => status).sort();

  it('take so many sign-ups of an address, and more of another', async () => {
    await signUp('192.0.2.1').expect(200);
    await signUp('192.0.2.1').expect(200);
    const refused = await signUp('192.0.2.1').expect(429);
    expect(refused.text).toMatch(/^2 people have signed up from your address within an hour/);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3000);
    await signUp('192.0.2.2').expect(200);
  });

  it('count the addresses of one IPv6 network together', async () => {
    await signUp('2001:db8::1').expect(200);
    await signUp('2001:db8::2').expect(200);
    await signUp('2001:db8::3').expect(429);
    await signUp('2001:db8:0:1::1').expect(200);
  });

  it('stop who guesses, also many times at once, but not their victim elsewhere', async () => {
    const ana = await api.person();
    const guesses = await statuses(20, () => signIn(ana, 'guess', '192.0.2.3'));
    expect(guesses.filter((status) => status === 401)).toHaveLength(5);
    expect(guesses.filter((status) => status === 429)).toHaveLength(15);
    const right = await signIn(ana, password, '192.0.2.3');
    expect(right).toMatchObject({
      status: 429,
      text: expect.stringMatching(/^the password for this e-mail address was wrong 5 times/),
    });
    expect(Number(right.retryAfter)).toBeGreaterThan(600);
    expect((await signIn(ana, password, '192.0.2.4')).status).toBe(200);
  });

  it('say the same of addresses that nobody has', async () => {
    const nobody = { email: `${randomUUID()}@example.org` };
    const guesses = await statuses(8, () => signIn(nobody, 'guess', '192.0.2.5'));
    expect(guesses).toEqual([404, 404, 404, 404, 404, 429, 429, 429]);
  });

  it('leave an account under attack from many addresses open to its owner', async () => {
    const ana = await api.person();
    for (let n = 0; n < 17; n++) {
      await statuses(3, () => signIn(ana, 'guess', `198.51.100.${n}`));
    }
    const late = await statuses(5, () => signIn(ana, 'guess', '198.51.100.200'));
    expect(late).toEqual([401, 401, 401, 429, 429]);
    expect((await signIn(ana, 'mistyped', '192.0.2.6')).status).toBe(401);
    expect((await signIn(ana, password, '192.0.2.6')).status).toBe(200);
  }, 60_000);

  it('let scripts sign in many times at once, up to a bound', async () => {
    const ana = await api.person();
    const asked = Array.from({ length: 41 }, () => signIn(ana, password, '192.0.2.7'));
    const refused = (await Promise.all(asked)).filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ status: 429, text: expect.stringContaining('API token') });
  }, 60_000);

  it('are counted for operators', async () => {
    const metrics = await api.deps.metrics.metrics();
    for (const limit of ['too_many_sign_ups', 'too_many_sign_ins', 'too_many_wrong_passwords']) {
      expect(metrics).toMatch(
        new RegExp(`trainyard_limits_reached_total\\{limit="${limit}",part="api"\\} [1-9]`),
      );
    }
  });

  it('keep neither e-mail nor network addresses', async () => {
    const rows: unknown = await api.deps.database.query('SELECT key FROM attempt_count');
    expect(JSON.stringify(rows)).not.toContain('@');
  });

  it('of the length of a password are for the operator to lower', () =>
    signUp('192.0.2.8', 'x').expect(200));
});

describe('without sign-up', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await testApi(undefined, { TRAINYARD_SIGN_UPS_PER_HOUR: '0' });
  }, testDatabasePatienceMs);
  afterAll(() => api.stop());

  it('only administrators add users', async () => {
    const account = { username: 'ana', email: 'ana@example.org', password };
    const refused = await api.as().post('/api/v2/user/signup').send(account).expect(403);
    expect(refused.text).toBe('nobody can sign up here: ask an administrator to add you\n');
    const admin = await api.person('root', true);
    await api.as(admin).post('/api/v2/user/create').send(account).expect(200);
  });
});
