import { addAccount } from '../auth/accounts';
import { testDatabase, testDatabasePatienceMs, type TestDatabase } from './testing/testDatabase';
import { userForLogin } from './accounts/users';
import { Accounts1764030000000 } from '../../migrations/1764030000000-accounts';

describe('the migration of accounts', () => {
  let db: TestDatabase;
  beforeAll(async () => void (db = await testDatabase()), testDatabasePatienceMs);
  afterAll(() => db.drop());

  it('keeps those from before, also where names are now the same, and can be undone', async () => {
    const migration = new Accounts1764030000000();
    const runner = db.database.createQueryRunner();
    await migration.down(runner);
    await db.database.query(`
      INSERT INTO app_user (id, username, email, password_hash, created_at) VALUES
        (gen_random_uuid(), 'Ana', 'Ana@example.org', 'first', now()),
        (gen_random_uuid(), 'ana', 'ana@Example.org', 'second', now() + interval '1 day');
      INSERT INTO team (id, name) VALUES (gen_random_uuid(), 'One'), (gen_random_uuid(), 'one')`);
    await migration.up(runner);
    expect(await userForLogin(db.database, 'ANA@EXAMPLE.ORG')).toMatchObject({
      username: 'Ana',
      password_version: 0,
    });
    const late = { username: 'ANA', email: 'x@example.org', password_hash: '', is_admin: false };
    await expect(addAccount(db.database, late)).rejects.toThrow('looks like one');
    await migration.down(runner);
    await migration.up(runner);
    await runner.release();
  });
});
