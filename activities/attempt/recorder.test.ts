import {
  testDatabase,
  testDatabasePatienceMs,
  type TestDatabase,
} from '../../src/database/testing/testDatabase';
import { testRun } from '../../src/database/testing/testRun';
import type { Attempt } from './attempt';
import { AttemptRecorder } from './recorder';

describe('what attempts leave in the database', () => {
  let db: TestDatabase;
  beforeAll(async () => (db = await testDatabase()), testDatabasePatienceMs);
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => db.drop());

  /** Events of a model: type, and what they say of the progress. */
  const events = (modelId: string) =>
    db.database.query<{ type: string; actor: string; done: number }[]>(
      `SELECT type, actor, (data ->> 'done')::int AS done FROM event WHERE model_id = $1 ORDER BY seq`,
      [modelId],
    );

  const attemptOf = (
    run: Pick<Attempt, 'runId' | 'modelId'>,
    changes: Partial<Attempt> = {},
  ): AttemptRecorder =>
    new AttemptRecorder(db.database, {
      ...run,
      name: 'train',
      stage: 'train',
      fence: 1,
      number: 1,
      ...changes,
    });

  it('of progress at each second is the newest of each stage, over attempts too', async () => {
    const run = await testRun(db.database);
    let now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    const first = attemptOf(run);
    const next = attemptOf(run, { fence: 2, number: 2 });
    const shards = [0, 1].map((shard) =>
      attemptOf(run, { name: 'embed', stage: `embed-${shard}`, item: shard }),
    );
    const statements = jest.spyOn(db.database, 'transaction');
    const seconds = 300;
    for (let second = 1; second <= seconds; second++, now += 1000) {
      for (const recorder of [second <= seconds / 2 ? first : next, ...shards]) {
        recorder.progress({ done: second, unit: 'rows' });
        await recorder.flush(second === seconds);
      }
    }
    expect(await events(run.modelId)).toEqual([
      { type: 'progress', actor: 'train#2', done: seconds },
      { type: 'progress', actor: 'embed-0#1', done: seconds },
      { type: 'progress', actor: 'embed-1#1', done: seconds },
    ]);
    // One write each 3 s, one more of the second attempt's own, and the last.
    expect(statements.mock.calls.length).toBeLessThanOrEqual(3 * (seconds / 3 + 2));
  }, 60_000);

  it('of a metric is one value a step, also when the steps are worked again', async () => {
    const run = await testRun(db.database);
    for (const number of [1, 2, 3]) {
      const recorder = attemptOf(run, { number, fence: number });
      for (let step = 1; step <= 50; step++) recorder.metric('loss', step, number);
      await recorder.flush(true);
    }
    const [{ rows, values }] = await db.database.query<[{ rows: string; values: number[] }]>(
      'SELECT count(*) AS rows, array_agg(DISTINCT value) AS values FROM metric WHERE run_id = $1',
      [run.runId],
    );
    expect([rows, values]).toEqual(['50', [3]]);
    expect(await events(run.modelId)).toEqual([]);
  });
});
