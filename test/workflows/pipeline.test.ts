import { join } from 'node:path';
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { waitForBuilder } from '../../activities/attempt/failures';
import { loadConfig, type Config } from '../../src/config';
import { connectTemporal } from '../../src/temporal/client';
import type {
  LifecycleActivities,
  RunHandle,
  StageActivities,
  StageItem,
  StageResult,
  WorkflowStatus,
} from '../../workflows/types';
import { Parts } from '../support/parts';
import { until } from '../support/poll';

jest.setTimeout(5 * 60_000);

/** The recipe over a real Temporal, with activities that do as they are told. */
let parts: Parts;
let config: Config;
let temporal: Client;
let connection: NativeConnection;
let workers: Worker[] = [];
let ends: Promise<void>[] = [];
let calls: string[];
let stages: StageActivities;
let lifecycle: LifecycleActivities;
let shards: unknown[];
let count = 0;

beforeAll(async () => {
  parts = await Parts.start({ parts: [] });
  config = loadConfig(parts.env);
  temporal = await connectTemporal(config.temporal);
  connection = await NativeConnection.connect(config.temporal.connection);
});
beforeEach(() => {
  calls = [];
  shards = [];
  const called = (name: string) => () => {
    calls.push(name);
    return Promise.resolve();
  };
  const stage =
    (name: string) =>
    async (_: RunHandle, item?: StageItem | number): Promise<StageResult> => {
      const number = typeof item === 'object' ? item.number : item;
      await called(number === undefined ? name : `${name}-${number}`)();
      return { cache: null };
    };
  stages = {
    extract: stage('extract'),
    preprocess: stage('preprocess'),
    embed: stage('embed'),
    train: stage('train'),
    evaluate: stage('evaluate'),
  };
  lifecycle = {
    begin: () => called('begin')().then(() => ({ onlyOfOwner: false })),
    items: () => Promise.resolve(shards),
    countShards: () => Promise.resolve(shards.length),
    report: () => called('report')().then(() => ({ score: 0.5 })),
    finish: called('finish'),
    deploy: () => called('deploy')().then(() => true),
    fail: (_, { kind, message }) => called(`fail ${kind} ${message}`)(),
    stop: called('stop'),
  };
});
afterEach(async () => {
  for (const worker of workers) worker.shutdown();
  await Promise.all(ends);
  [workers, ends] = [[], []];
});
afterAll(async () => {
  await connection?.close();
  await temporal?.connection.close();
  await parts?.stop();
});

async function work(...queues: string[]): Promise<void> {
  for (const queue of queues) {
    const worker = await Worker.create({
      connection,
      namespace: config.temporal.namespace,
      taskQueue: queue,
      ...(queue === 'control'
        ? {
            workflowBundle: { codePath: join(__dirname, '../../dist/workflow-bundle.js') },
            activities: lifecycle,
          }
        : { activities: stages }),
    });
    workers.push(worker);
    ends.push(worker.run());
  }
}

function start(more: Partial<RunHandle> = {}): Promise<WorkflowHandle> {
  const id = `pipeline-${count++}`;
  const run: RunHandle = {
    runId: id,
    modelId: id,
    ownerId: 'owner',
    execution: 1,
    ...more,
  };
  return temporal.workflow.start('trainNlpText', {
    taskQueue: 'control',
    workflowId: id,
    args: [run, { heartbeatMs: 5000 }],
  });
}

const statusOf = (handle: WorkflowHandle) => handle.query<WorkflowStatus>('status');
const closedAs = async (handle: WorkflowHandle) => (await handle.describe()).status.name;

const recipe = [
  'begin',
  'extract',
  'preprocess',
  'train',
  'evaluate',
  'report',
  'finish',
  'deploy',
];

test('stages follow each other, and the model is complete before it is deployed', async () => {
  await work('control', 'cpu');
  const handle = await start();
  await handle.result();
  expect(calls).toEqual(recipe);
  expect(await statusOf(handle)).toMatchObject({ status: 'complete' });
});

test('later stages go first, and all stages of the only training of its owner', async () => {
  const given: unknown[] = [];
  for (const [name, stage] of Object.entries(stages)) {
    stages[name] = (run, item) => {
      given.push(Context.current().info.priority);
      return stage(run, item);
    };
  }
  await work('control', 'cpu');
  const priorities = async (): Promise<unknown[]> => {
    await (await start()).result();
    return given.splice(0);
  };
  const fairnessKey = 'owner';
  expect(await priorities()).toMatchObject(
    [5, 4, 3, 2].map((priorityKey) => ({ priorityKey, fairnessKey })),
  );
  lifecycle.begin = () => Promise.resolve({ onlyOfOwner: true });
  for (const worker of workers.splice(0)) worker.shutdown();
  await Promise.all(ends.splice(0));
  await work('control', 'cpu');
  expect(await priorities()).toMatchObject(
    [1, 1, 1, 1].map((priorityKey) => ({ priorityKey, fairnessKey })),
  );
});

test('a training is starting until a worker has done something for it', async () => {
  await work('control');
  const handle = await start();
  await until('it has begun', () => calls.includes('begin'));
  expect(await statusOf(handle)).toEqual({ status: 'starting', stage: 'extract', progress: null });
  await handle.signal('progress', { stage: 'extract', line: '5 of 10 rows' });
  expect(await statusOf(handle)).toMatchObject({
    status: 'in_progress',
    progress: '5 of 10 rows',
  });
  await work('cpu');
  await handle.result();
});

test('waiting for a result that another training makes leaves nothing in the history', async () => {
  await work('control', 'cpu');
  const straight = await start();
  await straight.result();
  const extract = stages['extract']!;
  let waits = 0;
  for (const worker of workers.splice(0)) worker.shutdown();
  await Promise.all(ends.splice(0));
  stages['extract'] = async (run) => {
    if (waits++ < 5) throw waitForBuilder(0);
    return extract(run);
  };
  await work('control', 'cpu');
  const waiting = await start();
  await waiting.result();
  expect(waits).toBe(6);
  const events = async (handle: WorkflowHandle) =>
    (await handle.fetchHistory()).events!.filter(({ activityTaskScheduledEventAttributes: a }) => a)
      .length;
  expect(await events(waiting)).toBe(await events(straight));
});

test('a deployment that fails does not undo the model that is complete', async () => {
  lifecycle.deploy = () =>
    Promise.reject(ApplicationFailure.create({ message: 'no', type: 'bug', nonRetryable: true }));
  await work('control', 'cpu');
  const handle = await start();
  await handle.result();
  expect(await closedAs(handle)).toBe('COMPLETED');
  expect(await statusOf(handle)).toMatchObject({ status: 'complete' });
  expect(calls.some((call) => call.startsWith('fail'))).toBe(false);
});

test('a stage that fails for good ends the training with its reason', async () => {
  stages['train'] = () =>
    Promise.reject(
      ApplicationFailure.create({ message: 'one label', type: 'data', nonRetryable: true }),
    );
  await work('control', 'cpu');
  const handle = await start();
  await expect(handle.result()).rejects.toThrow();
  expect(calls.at(-1)).toBe('fail data one label');
  expect(await statusOf(handle)).toMatchObject({ status: 'failed' });
});

test('a cancelled training is stopped, once its stage has ended', async () => {
  let ended = false;
  stages['train'] = async () => {
    const beat = setInterval(() => Context.current().heartbeat(), 100);
    try {
      return await Context.current().cancelled;
    } finally {
      clearInterval(beat);
      ended = true;
    }
  };
  await work('control', 'cpu');
  const handle = await start();
  await until('it trains', async () => (await statusOf(handle)).stage === 'train');
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow();
  expect([ended, calls.at(-1)]).toEqual([true, 'stop']);
  expect(await statusOf(handle)).toMatchObject({ status: 'stopped' });
});

test('when one item fails for good, the others do not go on', async () => {
  let cancelled = 0;
  stages['embed'] = async (_, item) => {
    if ((item as StageItem).number === 1) {
      throw ApplicationFailure.create({ message: 'no', type: 'data', nonRetryable: true });
    }
    const beat = setInterval(() => Context.current().heartbeat(), 100);
    try {
      return await Context.current().cancelled;
    } catch (error) {
      cancelled++;
      throw error;
    } finally {
      clearInterval(beat);
    }
  };
  await work('control', 'cpu');
  shards = ['a', 'b', 'c'];
  const handle = await start();
  await expect(handle.result()).rejects.toThrow();
  await until('the other items have ended', () => cancelled === 2);
  expect(calls).toContain('fail data no');
  expect(calls).not.toContain('train');
});

test('each item gets what it is, and a training without items passes the stage by', async () => {
  const given: unknown[] = [];
  stages['embed'] = (_, item) => {
    given.push(item);
    return Promise.resolve({ cache: null });
  };
  await work('control', 'cpu');
  await (await start()).result();
  expect(given).toEqual([]);
  shards = [{ from: 0 }, { from: 1024 }];
  await (await start()).result();
  expect(given).toHaveLength(2);
  expect(given).toEqual(expect.arrayContaining(shards.map((value, number) => ({ number, value }))));
});

test('a training whose history grows long goes on as a new workflow and repeats nothing', async () => {
  shards = Array.from({ length: 300 }, (_, i) => i);
  await work('control', 'cpu');
  const handle = await start();
  await handle.result();
  const items = shards.map((i) => `embed-${String(i)}`);
  expect(calls.filter((call) => call.startsWith('embed-')).sort()).toEqual(items.sort());
  // Each workflow begins; what was done stays done.
  expect(calls.filter((call) => call === 'begin').length).toBeGreaterThan(1);
  const others = calls.filter((call) => call !== 'begin' && !call.startsWith('embed-'));
  expect(others).toEqual(recipe.slice(1));
  expect(await statusOf(handle)).toMatchObject({ status: 'complete' });
});

test('a stage that the training does not have is not asked for its items', async () => {
  const stages = ['extract', 'preprocess', 'train', 'evaluate'];
  lifecycle.begin = () => Promise.resolve({ onlyOfOwner: true, stages });
  lifecycle.items = () => Promise.reject(new Error('nobody needs them'));
  await work('control', 'cpu');
  const handle = await start();
  await handle.result();
  expect(calls).toEqual(recipe.slice(1));
});

test('a stage waits in the task queue that its kind declares', async () => {
  lifecycle.begin = () => Promise.resolve({ onlyOfOwner: true, queues: { train: 'other' } });
  await work('control', 'cpu');
  const handle = await start();
  await until('it trains', async () => (await statusOf(handle)).stage === 'train');
  expect(calls).not.toContain('train');
  await work('other');
  await handle.result();
  expect(calls).toContain('train');
});
