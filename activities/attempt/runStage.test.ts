import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelledFailure, type ApplicationFailure } from '@temporalio/activity';
import { publishTree } from '../../src/artifacts/trees/tree';
import { claimCacheEntry, completeCacheEntry } from '../../src/database/runs/cacheEntries';
import { eventsAfter } from '../../src/database/models/events';
import { logsOf } from '../../src/database/runs/logs';
import { transferModels } from '../../src/database/models/models';
import { requestCancel, runById } from '../../src/database/runs/runs';
import {
  testDatabase,
  testDatabasePatienceMs,
  type TestDatabase,
} from '../../src/database/testing/testDatabase';
import { testRun } from '../../src/database/testing/testRun';
import { TrainyardError } from '../../src/errors';
import type { RunHandle } from '../../workflows/types';
import { cacheKeyOf } from './stepCache';
import { activityEnvironment, AttemptBench, leaveOutput, type Work } from './testing/attemptBench';

let db: TestDatabase;
let bench: AttemptBench;
let run: RunHandle;
beforeAll(async () => void (db = await testDatabase()), testDatabasePatienceMs);
beforeEach(async () => {
  bench = await AttemptBench.open(db);
  run = await bench.newRun();
});
afterEach(() => bench.close());
afterAll(() => db.drop());

const failureOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => undefined,
    (error: unknown) => error as ApplicationFailure,
  );
const identity = (name: string) => ({ identity: () => Promise.resolve(name) });
const eventTypes = async () =>
  (await eventsAfter(db.database, run.modelId, 0, 100)).events.map(({ type }) => type);

describe('what a stage has published', () => {
  it('stays when its checkpoints cannot be deleted afterwards', async () => {
    bench.store.fault = (call) =>
      call === 'deletePrefix' ? new TrainyardError('infrastructure', 'broken', 'no') : undefined;
    expect(await bench.attempt(run, 'train')).toEqual({ cache: null });
    expect(await bench.published(run, 'train')).toBe('the result');
    bench.store.comeBack();
    expect(await bench.attempt(run, 'train')).toEqual({ cache: null });
    expect(bench.began).toHaveLength(1);
  });

  it('stays when the answer to its commit was lost', async () => {
    const transaction = db.database.transaction.bind(db.database);
    let lost = 0;
    const spy = jest
      .spyOn(db.database, 'transaction')
      .mockImplementation(async (...given: unknown[]) => {
        const result: unknown = await (transaction as (...g: unknown[]) => unknown)(...given);
        const { output } = await bench.row(run, 'train');
        if (output && lost++ === 0) throw new Error('Connection terminated unexpectedly');
        return result;
      });
    expect(await bench.attempt(run, 'train')).toEqual({ cache: null });
    spy.mockRestore();
    expect(lost).toBeGreaterThan(0);
    expect(await bench.published(run, 'train')).toBe('the result');
    expect((await eventTypes()).filter((type) => type === 'stage_published')).toHaveLength(1);
  });

  it('is made again when its artifacts are gone', async () => {
    await bench.attempt(run, 'train');
    await bench.store.deletePrefix(`runs/${run.runId}/`);
    await bench.attempt(run, 'train');
    expect(bench.began).toHaveLength(2);
    expect(await bench.published(run, 'train')).toBe('the result');
  });
});

describe('an outage', () => {
  it('of the store at the end costs no work: the attempt waits and publishes', async () => {
    bench.work = async (options) => {
      await leaveOutput(options);
      bench.store.goAway();
      setTimeout(() => bench.store.comeBack(), 1500);
    };
    expect(await bench.attempt(run, 'train')).toEqual({ cache: null });
    expect(bench.began).toHaveLength(1);
    const [log] = await logsOf(db.database, run.runId, 5000);
    expect(log!.stderr).toBe('waiting for the artifact store, which is away\n');
    expect((await runById(db.database, run.runId))!.progress).toMatchObject({
      stage: 'train',
      waiting_for: 'the artifact store',
    });
  });

  it('while a checkpoint is stored keeps the process waiting, and then it goes on', async () => {
    bench.work = async (options) => {
      const path = join(options.job.checkpoints, '1');
      writeFileSync(path, 'state');
      bench.store.goAway();
      setTimeout(() => bench.store.comeBack(), 1500);
      expect(await options.listener.checkpoint(1, path)).toBe(true);
      await leaveOutput(options);
    };
    await bench.attempt(run, 'train');
    expect(await bench.row(run, 'train')).toMatchObject({ attempts: 1, checkpoint: { step: 1 } });
  });

  it('however often it ends attempts, gives no run up before its time', async () => {
    const away = new TrainyardError('infrastructure', 'scratch_full', 'no space is left');
    for (let i = 0; i < 8; i++) {
      const failure = await failureOf(
        bench.attempt(run, 'train', { fetch: () => Promise.reject(away) }),
      );
      expect(failure).toMatchObject({ type: 'infrastructure', nonRetryable: false });
      expect(failure!.nextRetryDelay).toBeDefined();
    }
    expect(await bench.row(run, 'train')).toMatchObject({ attempts: 8, fruitless: 0 });
    expect((await runById(db.database, run.runId))!.error).toMatchObject({
      code: 'waiting_for_outage',
      message: expect.stringContaining("the worker's scratch disk"),
    });
    await bench.attempt(run, 'train');
    expect(await bench.row(run, 'train')).toMatchObject({ away_since: null });
    expect((await runById(db.database, run.runId))!.error).toBeNull();
  });

  it('that lasts longer than trainings wait ends the run and says what was away', async () => {
    bench.deps.config.worker.outageMs = 0;
    const away = Object.assign(new Error('write'), { code: 'ENOSPC' });
    const inputs = { fetch: () => Promise.reject(away) };
    await failureOf(bench.attempt(run, 'train', inputs));
    const failure = await failureOf(bench.attempt(run, 'train', inputs));
    expect(failure).toMatchObject({ type: 'limit', nonRetryable: true });
    expect(failure!.message).toContain('[outage_too_long]');
  });

  it('is no excuse for attempts that fail for other reasons', async () => {
    const broken = new TrainyardError('infrastructure', 'allocation_died', 'ended with signal 9');
    const inputs = { fetch: () => Promise.reject(broken) };
    for (let i = 0; i < 5; i++) await failureOf(bench.attempt(run, 'train', inputs));
    const failure = await failureOf(bench.attempt(run, 'train', inputs));
    expect(failure!.message).toContain('[no_progress]');
  });
});

describe('after an upgrade', () => {
  const withVersions = (versions: object) =>
    db.database.query(`UPDATE stage SET versions = versions || $2 WHERE run_id = $1`, [
      run.runId,
      JSON.stringify(versions),
    ]);
  const saveThenFail: Work = async (options) => {
    const path = join(options.job.checkpoints, '7');
    writeFileSync(path, 'state');
    await options.listener.checkpoint(7, path);
    throw new TrainyardError('infrastructure', 'allocation_died', 'ended with signal 9');
  };

  it.each([
    ['the same', {}, 7],
    ['an older train step', { train: 0 }, undefined],
    ['an older step before it', { preprocess: 0 }, undefined],
  ])('a checkpoint of %s is resumed at %s: %s', async (_, versions, step) => {
    bench.work = saveThenFail;
    await failureOf(bench.attempt(run, 'train'));
    await withVersions(versions);
    bench.work = leaveOutput;
    await bench.attempt(run, 'train');
    expect(bench.began[1]!.resume?.step).toBe(step);
  });

  it('an output of an older step is made again', async () => {
    await bench.attempt(run, 'train');
    await withVersions({ extract: 0 });
    await bench.attempt(run, 'train');
    expect(bench.began).toHaveLength(2);
  });

  it('a worker that is not upgraded yet leaves the run to the others', async () => {
    await bench.attempt(run, 'train');
    await withVersions({ train: 99 });
    const failure = await failureOf(bench.attempt(run, 'train'));
    expect(failure).toMatchObject({ type: 'infrastructure', nonRetryable: false });
    expect(await bench.row(run, 'train')).toMatchObject({ attempts: 1, fruitless: 1 });
  });
});

describe('a result that another training is making', () => {
  const key = () => ({ ownerId: run.ownerId, key: cacheKeyOf('extract', 'x')! });
  const other = () => ({ ...key(), builder: 'another/extract', fence: 1 });

  it('is waited for without attempts, fences or a look at the store', async () => {
    await claimCacheEntry(db.database, { ...other(), leaseSeconds: 60, refresh: false });
    const fetched = jest.fn(() => Promise.resolve());
    const inputs = { ...identity('x'), fetch: fetched };
    const first = await failureOf(bench.attempt(run, 'extract', inputs));
    expect(first).toMatchObject({ type: 'waiting', nonRetryable: false });
    const { fence } = await bench.row(run, 'extract');
    bench.store.calls.length = 0;
    const identified = jest.fn(() => Promise.resolve('x'));
    for (let i = 0; i < 10; i++) {
      await failureOf(bench.attempt(run, 'extract', { ...inputs, identity: identified }));
    }
    expect([bench.store.calls, fetched.mock.calls, identified.mock.calls]).toEqual([[], [], []]);
    expect(await bench.row(run, 'extract')).toMatchObject({ fence, attempts: 0, fruitless: 0 });
    const tree = await otherTree();
    await completeCacheEntry(db.database, other(), tree, false);
    expect(await bench.attempt(run, 'extract', inputs)).toEqual({ cache: 'hit' });
    expect(await bench.row(run, 'extract')).toMatchObject({ attempts: 1, output: tree });
    expect(fetched).not.toHaveBeenCalled();
  });

  it('is asked for ever more rarely', async () => {
    await claimCacheEntry(db.database, { ...other(), leaseSeconds: 60, refresh: false });
    const delays = [];
    for (const waited of [0, 60_000, 86_400_000]) {
      const environment = activityEnvironment(waited);
      const failure = await failureOf(bench.attempt(run, 'extract', identity('x'), environment));
      delays.push(Math.round(Number(failure!.nextRetryDelay) / 1000));
    }
    expect(delays).toEqual([1, 15, 60]);
  });

  it('is built here once its builder is silent', async () => {
    await claimCacheEntry(db.database, { ...other(), leaseSeconds: -1, refresh: false });
    expect(await bench.attempt(run, 'extract', identity('x'))).toEqual({ cache: 'made' });
  });

  it('is taken when the other one was quicker in the end; ours is thrown away', async () => {
    const tree = await otherTree();
    bench.work = async (options) => {
      await leaveOutput(options);
      await completeCacheEntry(db.database, other(), tree, false);
    };
    expect(await bench.attempt(run, 'extract', identity('x'))).toEqual({ cache: 'hit' });
    expect((await bench.row(run, 'extract')).output).toEqual(tree);
    const objects = [];
    for await (const object of bench.store.list(`cache/${run.ownerId}/`)) objects.push(object);
    expect(objects.every((object) => object.includes('/other/'))).toBe(true);
  });

  async function otherTree() {
    const folder = mkdtempSync(join(tmpdir(), 'trainyard-other-'));
    writeFileSync(join(folder, 'result'), 'of another');
    const prefix = `cache/${run.ownerId}/${key().key}/other/`;
    const tree = await publishTree(bench.store, prefix, folder);
    rmSync(folder, { recursive: true });
    return tree;
  }
});

test('a model that gets a new owner while a cached stage works loses nothing', async () => {
  const heir = await testRun(db.database.manager);
  bench.work = async (options) => {
    await leaveOutput(options);
    await transferModels(db.database.manager, run.ownerId, heir.ownerId);
    await db.database.query('DELETE FROM app_user WHERE id = $1', [run.ownerId]);
  };
  expect(await bench.attempt(run, 'extract', identity(randomUUID()))).toEqual({ cache: null });
  expect(await bench.published(run, 'extract')).toBe('the result');
  expect((await bench.row(run, 'extract')).output!.manifest.key).toMatch(/^runs\//);
});

describe('an attempt', () => {
  it('that fails has an entry with its reason in the log, whatever it failed at', async () => {
    const wrong = new TrainyardError('data', 'unknown_column', 'column "labl" is not in train.csv');
    await failureOf(bench.attempt(run, 'extract', { identity: () => Promise.reject(wrong) }));
    expect(await logsOf(db.database, run.runId, 5000)).toEqual([
      {
        stage: 'extract',
        attempt: 1,
        stdout: '',
        stderr: 'attempt 1 ended: column "labl" is not in train.csv [unknown_column]\n',
      },
    ]);
  });

  it('makes the training in_progress; until then it only waits for a worker', async () => {
    const before = await eventTypes();
    await bench.attempt(run, 'train');
    expect(before).toEqual([]);
    expect((await eventTypes())[0]).toBe('train_status');
  });

  it('that begins while its worker stops ends at once and is handed over', async () => {
    const environment = activityEnvironment();
    environment.cancel('WORKER_SHUTDOWN');
    bench.work = ({ signal }) => {
      signal.throwIfAborted();
      return Promise.resolve();
    };
    const failure = await failureOf(bench.attempt(run, 'train', {}, environment));
    expect(failure).toBeInstanceOf(CancelledFailure);
    expect(await bench.row(run, 'train')).toMatchObject({ attempts: 1, fruitless: 0 });
  });

  it('of a cancelled run does not begin', async () => {
    await requestCancel(db.database, run.runId);
    const failure = await failureOf(bench.attempt(run, 'train'));
    expect(failure).toMatchObject({ type: 'cancelled', nonRetryable: true });
    expect(bench.began).toEqual([]);
  });

  it('that a newer one has overtaken publishes nothing and leaves no objects', async () => {
    bench.work = async (options) => {
      await leaveOutput(options);
      await db.database.query('UPDATE stage SET fence = fence + 1 WHERE run_id = $1', [run.runId]);
    };
    const failure = await failureOf(bench.attempt(run, 'train'));
    expect(failure!.message).toContain('[fenced]');
    const objects = [];
    for await (const object of bench.store.list(`runs/${run.runId}/`)) objects.push(object);
    expect([objects, (await bench.row(run, 'train')).output]).toEqual([[], null]);
  });
});

test('attempts that publish while others warn and report progress never wait for each other', async () => {
  bench.work = async (options) => {
    options.listener.warning({ code: 'bad_row', message: `line ${randomUUID()}` });
    options.listener.progress({ done: 1, unit: 'rows' });
    await leaveOutput(options);
  };
  const stages = ['extract', 'preprocess', 'embed', 'train', 'evaluate'] as const;
  for (let round = 0; round < 5; round++) {
    run = await bench.newRun(run.ownerId);
    await Promise.all(stages.map((stage) => bench.attempt(run, stage)));
  }
  const deadlocks = await db.database.query<{ deadlocks: string }[]>(
    'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  expect(deadlocks).toEqual([{ deadlocks: '0' }]);
});
