import { migrations } from '../../migrations';
import { rows } from './database';
import { testDatabase, testDatabasePatienceMs, type TestDatabase } from './testing/testDatabase';

describe('the migrations', () => {
  let db: TestDatabase;
  beforeAll(async () => void (db = await testDatabase()), testDatabasePatienceMs);
  afterAll(() => db.drop());

  const schema = () =>
    rows(
      db.database,
      `SELECT table_name, column_name, data_type, is_nullable, column_default
       FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name <> 'migrations' ORDER BY 1, 2`,
    );
  const indexes = () =>
    rows(
      db.database,
      `SELECT indexdef FROM pg_indexes
       WHERE schemaname = 'public' AND tablename <> 'migrations' ORDER BY 1`,
    );

  it('can all be undone, and then give the same schema again', async () => {
    const before = [await schema(), await indexes()];
    const runner = db.database.createQueryRunner();
    for (const Migration of [...migrations].reverse()) await new Migration().down(runner);
    expect(await schema()).toEqual([]);
    for (const Migration of migrations) await new Migration().up(runner);
    await runner.release();
    expect([await schema(), await indexes()]).toEqual(before);
  });
});
