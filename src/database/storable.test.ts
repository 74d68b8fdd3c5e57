import fc from 'fast-check';
import { rows } from './database';
import { appendEvent, eventsAfter } from './models/events';
import { appendLogs, logsOf } from './runs/logs';
import { addMessage, messagesOf } from './models/messages';
import { storableJson, storableText } from './storable';
import { testDatabase, testDatabasePatienceMs, type TestDatabase } from './testing/testDatabase';
import { testRun } from './testing/testRun';

const halves = '\ud83d and \ude42';
const bad = `a\0b ${halves}, a whole 🙂, C:\\u0000 and \\ud83d "as written"`;
const stored = 'a\ufffdb \ufffd and \ufffd, a whole 🙂, C:\\u0000 and \\ud83d "as written"';

describe('what cannot be stored', () => {
  it('becomes U+FFFD in a text', () => {
    expect(storableText(bad)).toBe(stored);
  });

  it('becomes U+FFFD in JSON, also in keys and below, and nothing else changes', () => {
    const value = { [bad]: [{ text: bad }], number: 1.5, nothing: null, left: undefined };
    expect(JSON.parse(storableJson(value))).toEqual({
      [stored]: [{ text: stored }],
      number: 1.5,
      nothing: null,
    });
  });

  it('is found in any JSON', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\0', '\\', '\\u0000', '\ud83d', '\ude42', '"', '\n', 'ud83d'),
    );
    const text = fc.array(unit).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (given) => {
        expect(JSON.parse(storableJson([given]))).toEqual([storableText(given)]);
      }),
    );
  });
});

describe('in the database', () => {
  let db: TestDatabase;
  beforeAll(async () => void (db = await testDatabase()), testDatabasePatienceMs);
  afterAll(() => db.drop());

  it('a message and its event are kept, with U+FFFD for what cannot be stored', async () => {
    const { modelId } = await testRun(db.database.manager);
    await addMessage(db.database, modelId, 'train', 'warning', bad, 'run/extract');
    expect(await messagesOf(db.database, modelId, 'train')).toEqual([
      { level: 'warning', text: stored },
    ]);
    const [event] = (await eventsAfter(db.database, modelId, 0, 10)).events;
    expect(event!.data).toEqual({ job: 'train', text: stored });
  });

  it('an event is kept whatever its data hold', async () => {
    const { modelId } = await testRun(db.database.manager);
    await appendEvent(db.database, modelId, 'progress', { detail: bad, [bad]: 1 }, 'test');
    const [event] = (await eventsAfter(db.database, modelId, 0, 10)).events;
    expect(event!.data).toEqual({ detail: stored, [stored]: 1 });
  });

  it('a log is kept, and what only looks like an escape stays as it was printed', async () => {
    const { runId } = await testRun(db.database.manager);
    const segment = { stage: 'extract', attempt: 1, stream: 'stdout' as const, seq: 0, text: bad };
    await appendLogs(db.database, runId, [segment]);
    expect((await logsOf(db.database, runId, 1000))[0]!.stdout).toBe(stored);
  });

  it('jsonb takes what was made storable', async () => {
    const [row] = await rows<{ value: unknown }>(db.database.manager, 'SELECT $1::jsonb AS value', [
      storableJson({ message: bad }),
    ]);
    expect(row!.value).toEqual({ message: stored });
  });
});
