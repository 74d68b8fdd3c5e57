import { randomUUID } from 'node:crypto';
import { insertUser } from '../database/accounts/users';
import {
  testDatabase,
  testDatabasePatienceMs,
  type TestDatabase,
} from '../database/testing/testDatabase';
import { ensureFirstAdministrator, redeemFirstAdministrator } from './firstAdministrator';

const account = { username: 'root', email: 'root@example.org', password: 'long enough' };

describe('the first administrator', () => {
  let db: TestDatabase;
  beforeEach(async () => void (db = await testDatabase()), testDatabasePatienceMs);
  afterEach(() => db.drop());

  const redeem = (token: string, who = account) =>
    redeemFirstAdministrator(db.database, token, who);

  it('signs up with a token that works once', async () => {
    const token = await ensureFirstAdministrator(db.database, undefined);
    await redeem(token!);
    await expect(redeem(token!)).rejects.toThrow('sign-up link is not valid');
    expect(await ensureFirstAdministrator(db.database, undefined)).toBeUndefined();
  });

  it('is one, when two sign up at once', async () => {
    const token = (await ensureFirstAdministrator(db.database, undefined))!;
    const other = { username: 'two', email: 'two@example.org', password: 'long enough' };
    const outcomes = await Promise.allSettled([redeem(token), redeem(token, other)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('does not sign up with a token of an earlier start, or a guessed one', async () => {
    const earlier = (await ensureFirstAdministrator(db.database, undefined))!;
    await ensureFirstAdministrator(db.database, undefined);
    await expect(redeem(earlier)).rejects.toThrow('sign-up link is not valid');
    await expect(redeem('')).rejects.toThrow('sign-up link is not valid');
  });

  it('keeps the link for a second try when the first was refused', async () => {
    const other = { id: randomUUID(), username: 'root', email: 'x@example.org', is_admin: false };
    await insertUser(db.database, { ...other, password_hash: '' });
    const token = (await ensureFirstAdministrator(db.database, undefined))!;
    await expect(redeem(token)).rejects.toThrow('username root is already in use');
    await redeem(token, { ...account, username: 'root2' });
  });

  it('is the one that the operator named, also when two processes start at once', async () => {
    const starts = [1, 2].map(() => ensureFirstAdministrator(db.database, account));
    expect(await Promise.all(starts)).toEqual([undefined, undefined]);
    const rows: unknown = await db.database.query('SELECT username, is_admin FROM app_user');
    expect(rows).toEqual([{ username: 'root', is_admin: true }]);
  });

  it('has a password that is neither short nor the name, by link and by environment', async () => {
    const token = (await ensureFirstAdministrator(db.database, undefined))!;
    const weak = { ...account, password: 'x' };
    await expect(redeem(token, weak)).rejects.toThrow('password: must have 8 characters at least');
    const named = ensureFirstAdministrator(db.database, { ...account, password: account.email });
    await expect(named).rejects.toThrow('password: must be neither the username');
    await redeem(token);
  });

  it('closes the link once there is an administrator', async () => {
    const token = (await ensureFirstAdministrator(db.database, undefined))!;
    await ensureFirstAdministrator(db.database, account);
    await expect(redeem(token)).rejects.toThrow('sign-up link is not valid');
  });
});
