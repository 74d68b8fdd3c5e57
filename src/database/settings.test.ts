import { checkSecret } from '../auth/secretCheck';
import {
  deleteSetting,
  getOrCreateSetting,
  putSetting,
  setting,
  takePeriodicLock,
} from './settings';
import { testDatabase, testDatabasePatienceMs, type TestDatabase } from './testing/testDatabase';

describe('settings', () => {
  let db: TestDatabase;
  beforeAll(async () => void (db = await testDatabase()), testDatabasePatienceMs);
  afterAll(() => db.drop());

  it('keeps the first of several values', async () => {
    expect(await getOrCreateSetting(db.database, 'a', 'one')).toBe('one');
    expect(await getOrCreateSetting(db.database, 'a', 'two')).toBe('one');
  });

  it('replaces and deletes a value', async () => {
    await putSetting(db.database, 'b', 'one');
    await putSetting(db.database, 'b', 'two');
    expect(await setting(db.database, 'b')).toBe('two');
    await deleteSetting(db.database, 'b');
    expect(await setting(db.database, 'b')).toBeUndefined();
  });

  it('gives a turn to one of those who ask at once, and again when it is over or given back', async () => {
    const ask = (everySeconds: number) => takePeriodicLock(db.database, 'turn', everySeconds);
    const answers = await Promise.all([ask(60), ask(60), ask(60)]);
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await ask(60)).toBe(false);
    expect(await ask(0)).toBe(true);
    await deleteSetting(db.database, 'turn');
    expect(await ask(60)).toBe(true);
  });

  it('refuses a secret other than the one that the database was first used with', async () => {
    const secret = 'a'.repeat(32);
    await checkSecret(db.database, secret);
    await checkSecret(db.database, secret);
    const other = checkSecret(db.database, 'b'.repeat(32));
    await expect(other).rejects.toThrow('is not the one that this database was used with');
  });
});
