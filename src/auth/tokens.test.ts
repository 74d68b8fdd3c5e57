import { sign } from 'jsonwebtoken';
import { TokenService } from './tokens';

const secret = 'a secret for tests of tokens only';
const tokens = new TokenService(secret);
const exp = Math.floor(Date.now() / 1000) + 600;
const id = '0b9f1c9e-6a52-4a58-8d8e-0e6d1b3a7c11';

describe('TokenService', () => {
  const kinds = {
    user: { made: tokens.signUser(id), read: (token: string) => tokens.verifyUser(token) },
    job: {
      made: tokens.signJob({ model_id: id }),
      read: (token: string) => tokens.verifyJob(token),
    },
    upload: {
      made: tokens.signUpload({ upload_id: id }),
      read: (token: string) => tokens.verifyUpload(token),
    },
  };
  const pairs = Object.keys(kinds).flatMap((made) =>
    Object.keys(kinds).map((read) => [made, read] as [keyof typeof kinds, keyof typeof kinds]),
  );

  it.each(pairs)(
    'a %s token read as a %s token is good only if they are the same',
    (made, read) => {
      const reading = () => kinds[read].read(kinds[made].made);
      if (made === read) expect(reading()).toBeDefined();
      else expect(reading).toThrow('token is unauthorized');
    },
  );

  it('says for which password of the user a token is', () => {
    expect(tokens.verifyUser(tokens.signUser(id)).passwordVersion).toBe(0);
    expect(tokens.verifyUser(tokens.signUser(id, 3)).passwordVersion).toBe(3);
  });

  it('ends user tokens after 15 minutes', () => {
    const minutes = (tokens.verifyUser(kinds.user.made).expires.getTime() - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(14);
    expect(minutes).toBeLessThanOrEqual(15);
  });

  it('refuses a token whose time is over', () => {
    const old = tokens.signJob({ model_id: id }, -1);
    expect(() => tokens.verifyJob(old)).toThrow('token is expired');
  });

  it.each([
    ['no signature', sign({ user_id: id }, '', { algorithm: 'none' })],
    ['another algorithm', sign({ user_id: id }, secret, { algorithm: 'HS512' })],
    ['another secret', sign({ user_id: id }, 'other')],
    ['no user', sign({ exp }, secret)],
    ['a user that is no id', sign({ user_id: 'ana', exp }, secret)],
    ['no end', sign({ user_id: id }, secret)],
    [
      'a password version that is no number',
      sign({ user_id: id, exp, password_version: '1' }, secret),
    ],
    ['no form at all', 'x.y'],
  ])('refuses a token with %s', (_, token) => {
    expect(() => tokens.verifyUser(token)).toThrow('token is unauthorized');
  });

  it('keeps the run of a job token', () => {
    const claims = { model_id: id, run_id: id };
    expect(tokens.verifyJob(tokens.signJob(claims))).toEqual(claims);
  });
});
