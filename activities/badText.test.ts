import { eventsAfter } from '../src/database/models/events';
import { messagesOf } from '../src/database/models/messages';
import { runById } from '../src/database/runs/runs';
import {
  testDatabase,
  testDatabasePatienceMs,
  type TestDatabase,
} from '../src/database/testing/testDatabase';
import { testRun } from '../src/database/testing/testRun';
import { TrainyardError } from '../src/errors';
import { createLogger, createRegistry } from '../src/observability';
import { toTemporalFailure } from './attempt/failures';
import { recordFailure } from './attempt/recordFailure';
import { AttemptRecorder } from './attempt/recorder';
import { TrainingMetrics } from './attempt/trainingMetrics';
import type { ActivityDependencies } from './dependencies';
import { begin, fail } from './run/lifecycle';

/** Text of files ends up in warnings, progress and errors, be it cut in the middle of a character. */
const bad = 'a\0b \ud83d';
const stored = 'a\ufffdb \ufffd';

describe('text that the database cannot hold', () => {
  let db: TestDatabase;
  let deps: ActivityDependencies;
  beforeAll(async () => {
    db = await testDatabase();
    deps = {
      database: db.database,
      logger: createLogger('worker', 'silent'),
      metrics: new TrainingMetrics(createRegistry('worker')),
    } as Partial<ActivityDependencies> as ActivityDependencies;
  }, testDatabasePatienceMs);
  afterAll(() => db.drop());

  it('does not keep a recorder from being written', async () => {
    const { runId, modelId } = await testRun(db.database.manager);
    const stage = 'extract';
    const attempt = { runId, modelId, name: stage, stage, fence: 1, number: 1 } as const;
    const recorder = new AttemptRecorder(db.database, attempt);
    recorder.warning({ code: 'bad_row', message: bad });
    recorder.progress({ done: 1, unit: 'rows', detail: bad });
    recorder.log('stdout', bad);
    await recorder.flush();
    expect(await messagesOf(db.database, modelId, 'train')).toEqual([
      { level: 'warning', text: `${stored} [bad_row]` },
    ]);
    const run = await runById(db.database, runId);
    expect(run!.progress).toMatchObject({ stage, done: 1, detail: stored });
    const { events } = await eventsAfter(db.database, modelId, 0, 10);
    expect(events.map(({ type }) => type)).toEqual(['warning', 'progress']);
  });

  it('does not keep a run from ending with its reason', async () => {
    const { runId, modelId, ownerId } = await testRun(db.database.manager);
    const handle = { runId, modelId, ownerId, execution: 1 };
    await begin(deps, handle);
    await recordFailure(deps, handle, new TrainyardError('data', 'broken', bad));
    const reason = { kind: 'data', code: 'broken', message: stored };
    expect((await runById(db.database, runId))!.error).toEqual(reason);
    await fail(deps, handle, { kind: 'data', message: bad });
    const run = await runById(db.database, runId);
    expect([run!.error, run!.ended_at]).toEqual([reason, expect.any(Date)]);
    expect(await messagesOf(db.database, modelId, 'train')).toEqual([
      { level: 'error', text: `${stored} [broken]` },
    ]);
  });

  it('does not keep a run from ending when nobody noted the reason', async () => {
    const { runId, modelId, ownerId } = await testRun(db.database.manager);
    const handle = { runId, modelId, ownerId, execution: 1 };
    await begin(deps, handle);
    await fail(deps, handle, { kind: 'bug', message: bad });
    const { events } = await eventsAfter(db.database, modelId, 0, 10);
    expect(events.at(-1)!.data).toEqual({ from: 'not_started', to: 'failed', reason: stored });
  });
});

test('a failure is cut for Temporal between whole characters', () => {
  const error = new TrainyardError('data', 'broken', '🙂'.repeat(1000) + '\ud83d');
  for (const given of [error, new Error(`a${error.message}`), new Error('\ud83d')]) {
    const { message } = toTemporalFailure(given);
    expect(message.isWellFormed()).toBe(true);
    expect(message.length).toBeLessThanOrEqual(1000);
  }
});
