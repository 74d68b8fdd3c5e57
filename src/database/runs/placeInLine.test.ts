import { placeInLine } from './placeInLine';
import { testDatabase, testDatabasePatienceMs, type TestDatabase } from '../testing/testDatabase';
import { testRun } from '../testing/testRun';

describe('the place in line', () => {
  let db: TestDatabase;
  beforeAll(async () => void (db = await testDatabase()), testDatabasePatienceMs);
  afterAll(() => db.drop());

  it('counts earlier trainings of the owner, and of others no more than their turns', async () => {
    const patient = await testRun(db.database.manager);
    const busy = [await testRun(db.database.manager)];
    for (let i = 0; i < 5; i++) {
      busy.push(await testRun(db.database.manager, busy[0]!.ownerId));
    }
    const late = await testRun(db.database.manager);
    const place = (runId: string) => placeInLine(db.database.manager, runId);
    expect(await place(late.runId)).toBe(2);
    expect(await place(busy[0]!.runId)).toBe(2);
    expect(await place(busy[5]!.runId)).toBe(5 + 2);
    await db.database.query(`UPDATE model SET train_status = 'in_progress' WHERE id = $1`, [
      patient.modelId,
    ]);
    expect(await place(late.runId)).toBe(1);
  });
});
