import { rows } from './database';
import { openDatabase } from './openDatabase';
import { testDatabase, testDatabasePatienceMs, type TestDatabase } from './testing/testDatabase';

describe('opening the database for a part', () => {
  let db: TestDatabase;
  beforeEach(async () => void (db = await testDatabase()), testDatabasePatienceMs);
  afterEach(() => db.drop());
  const secret = 'a'.repeat(32);

  it('waits until the tables are there', async () => {
    await db.database.query('ALTER TABLE setting RENAME TO setting_later');
    let waited = 0;
    const info = () => {
      if (++waited === 1) void db.database.query('ALTER TABLE setting_later RENAME TO setting');
    };
    const opened = await openDatabase(config(), secret, 'serving', { info });
    expect(waited).toBeGreaterThan(0);
    const sql = `SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()`;
    expect(await rows(opened, sql)).toEqual([{ application_name: 'trainyard serving' }]);
    await opened.destroy();
  });

  it('fails at once when the secret is another one', async () => {
    const info = jest.fn();
    await (await openDatabase(config(), secret, 'api', { info })).destroy();
    const other = openDatabase(config(), 'b'.repeat(32), 'worker', { info });
    await expect(other).rejects.toMatchObject({ code: 'secret_mismatch' });
    expect(info).not.toHaveBeenCalled();
  });

  it('fails at once when no database is named', async () => {
    const unset = openDatabase({ database: { poolSize: 1 } }, secret, 'api', { info: jest.fn() });
    await expect(unset).rejects.toMatchObject({ code: 'database_unset' });
  });

  const config = () => ({ database: { url: db.url, poolSize: 1 } });
});
