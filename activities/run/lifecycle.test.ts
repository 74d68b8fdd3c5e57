import {
  testDatabase,
  testDatabasePatienceMs,
  type TestDatabase,
} from '../../src/database/testing/testDatabase';
import { testRun } from '../../src/database/testing/testRun';
import { createRegistry } from '../../src/observability';
import { TrainingMetrics } from '../attempt/trainingMetrics';
import type { ActivityDependencies } from '../dependencies';
import { begin, stop } from './lifecycle';

describe('begin', () => {
  let db: TestDatabase;
  let deps: ActivityDependencies;
  beforeAll(async () => {
    db = await testDatabase();
    deps = {
      database: db.database,
      metrics: new TrainingMetrics(createRegistry('worker')),
    } as Partial<ActivityDependencies> as ActivityDependencies;
  }, testDatabasePatienceMs);
  afterAll(() => db.drop());

  const newRun = async (ownerId?: string) => ({
    ...(await testRun(db.database.manager, ownerId)),
    modelType: 'nlp-text',
    execution: 1,
  });

  /** The stages of a training without an encoder, and that none has a queue of its own. */
  const plan = { stages: ['extract', 'preprocess', 'train', 'evaluate'], queues: {} };

  it('tells the only training of an owner, whatever others do', async () => {
    const first = await newRun();
    const second = await newRun(first.ownerId);
    expect(await begin(deps, first)).toEqual({ ...plan, onlyOfOwner: true });
    expect(await begin(deps, second)).toEqual({ ...plan, onlyOfOwner: false });
    expect(await begin(deps, await newRun())).toEqual({ ...plan, onlyOfOwner: true });
  });

  it('counts what has ended no more, and itself not when it is repeated', async () => {
    const first = await newRun();
    const second = await newRun(first.ownerId);
    await begin(deps, first);
    await stop(deps, first);
    expect(await begin(deps, second)).toEqual({ ...plan, onlyOfOwner: true });
    expect(await begin(deps, second)).toEqual({ ...plan, onlyOfOwner: true });
  });
});
