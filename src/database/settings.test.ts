import { checkSecret } from '../auth/secretCheck';
import { deleteSetting, keepSetting, putSetting, setting } from './settings';
import { testDatabase, testDatabasePatienceMs, type TestDatabase } from './testing/testDatabase';

describe('settings', () => {
  let db: TestDatabase;
  beforeAll(async () => void (db = await testDatabase()), testDatabasePatienceMs);
  afterAll(() => db.drop());

  it('keeps the first of several values', async () => {
    expect(await keepSetting(db.database, 'a', 'one')).toBe('one');
    expect(await keepSetting(db.database, 'a', 'two')).toBe('one');
  });

  it('replaces and deletes a value', async () => {
    await putSetting(db.database, 'b', 'one');
    await putSetting(db.database, 'b', 'two');
    expect(await setting(db.database, 'b')).toBe('two');
    await deleteSetting(db.database, 'b');
    expect(await setting(db.database, 'b')).toBeUndefined();
  });

  it('refuses a secret other than the one that the database was first used with', async () => {
    const secret = 'a'.repeat(32);
    await checkSecret(db.database, secret);
    await checkSecret(db.database, secret);
    const other = checkSecret(db.database, 'b'.repeat(32));
    await expect(other).rejects.toThrow('is not the one that this database was used with');
  });
});
