import fc from 'fast-check';
import { eventsAfter } from './events';
import { addMessage, messagesOf } from './messages';
import { reportStatus, statuses, transition, type Status } from './status';
import { testDatabase, testDatabasePatienceMs, type TestDatabase } from '../testing/testDatabase';
import { testRun } from '../testing/testRun';

/** The moves of a training, written down a second time. */
const moves: Record<Status, Status[]> = {
  not_started: ['starting', 'in_progress', 'failed', 'stopped'],
  starting: ['in_progress', 'failed', 'stopped'],
  in_progress: ['complete', 'failed', 'stopped'],
  complete: [],
  failed: ['not_started'],
  stopped: ['not_started'],
};

describe('statuses', () => {
  let db: TestDatabase;
  beforeAll(async () => void (db = await testDatabase()), testDatabasePatienceMs);
  afterAll(() => db.drop());

  it('move along the allowed edges only, whatever is asked, and each move is an event', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...statuses), { maxLength: 12 }), async (asked) => {
        const { modelId } = await testRun(db.database.manager);
        let status: Status = 'not_started';
        const path: Status[] = [];
        for (const to of asked) {
          const moved = await transition(db.database, modelId, 'train', to, 'test');
          expect(moved).toBe(moves[status].includes(to));
          if (moved) path.push((status = to));
        }
        const { events } = await eventsAfter(db.database, modelId, 0, 100);
        expect(events.map(({ data }) => data['to'])).toEqual(path);
        expect(events.map(({ seq }) => Number(seq))).toEqual(path.map((_, index) => index + 1));
      }),
      { numRuns: 25 },
    );
  });

  it('one of two processes that move a training at once wins', async () => {
    const { modelId } = await testRun(db.database.manager);
    const both = await Promise.all(
      [1, 2].map(() => transition(db.database, modelId, 'train', 'starting', 'test')),
    );
    expect(both.sort()).toEqual([false, true]);
  });

  it('may be reported from outside in any order', async () => {
    const { modelId } = await testRun(db.database.manager);
    for (const to of ['complete', 'failed', 'complete'] as const) {
      expect(await reportStatus(db.database, modelId, 'train', to)).toBe(true);
    }
  });

  it('a message of a stage that ran twice is kept once; from outside each counts', async () => {
    const { modelId } = await testRun(db.database.manager);
    const add = (source: string | null) =>
      addMessage(db.database, modelId, 'train', 'warning', 'twice', source);
    for (const source of ['run/extract', 'run/extract', null, null]) await add(source);
    expect(await messagesOf(db.database, modelId, 'train')).toHaveLength(3);
  });
});
