import { defaultOptions } from '../../src/model-types/nlp-text/options';
import type { Client } from '@temporalio/client';
import { loadConfig } from '../../src/config';
import { connectDatabase, firstRow, type Database } from '../../src/database/database';
import { userForLogin } from '../../src/database/accounts/users';
import { connectTemporal } from '../../src/temporal/client';
import { createTraining } from '../../src/training/createTraining';
import { workflowIdOf } from '../../src/training/workflowIds';
import type { WorkflowStatus } from '../../workflows/types';
import type { ApiClient } from '../support/apiClient';
import { administrator, Parts } from '../support/parts';
import { until } from '../support/poll';
import { textsCsv } from '../support/texts';

jest.setTimeout(240_000);

let parts: Parts;
let client: ApiClient;
let temporal: Client;
let database: Database;

/** A training that the server has no credentials to read for. */
let misconfigured: string;

const env = {
  AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1',
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  TRAINYARD_S3_ROOTS: 's3://bucket/',
};

beforeAll(async () => {
  parts = await Parts.start({ parts: ['api', 'worker'], env });
  client = await parts.client();
  misconfigured = await client.trainText('misconfigured', 'unused', {
    data: { supervised_files: [{ path: 's3://bucket/prefix', location: 's3' }] },
  });
  temporal = await connectTemporal(loadConfig(parts.env).temporal);
  database = await connectDatabase({ url: parts.env['DATABASE_URL']! });
});
afterAll(async () => {
  await temporal?.connection.close();
  await database?.destroy();
  await parts?.stop();
});

const small = textsCsv({ rows: 200, classes: 4, seed: 1 });
/** Large enough that somebody can step in while it is trained. */
const large = textsCsv({ rows: 8_000, classes: 20, seed: 7 });

const upload = (content: string) => client.upload([{ name: 'train.csv', content }]);

async function rowStatus(model: string): Promise<string> {
  const row = await firstRow<{ train_status: string }>(
    database.manager,
    'SELECT train_status FROM model WHERE id = $1',
    [model],
  );
  return row!.train_status;
}

/** What the workflow says itself; undefined while it cannot answer. */
async function workflowStatus(model: string, execution = 1): Promise<WorkflowStatus | undefined> {
  const handle = temporal.workflow.getHandle(workflowIdOf(model, execution));
  try {
    return await temporal.withDeadline(Date.now() + 5000, () =>
      handle.query<WorkflowStatus>('status'),
    );
  } catch {
    return undefined;
  }
}

interface Progress {
  status: string;
  stage: string | null;
  source: 'workflow' | 'database';
}

/** Everybody's answer at about one time, in the order in which it was asked for. */
interface Sighting {
  workflow: WorkflowStatus | undefined;
  row: string;
  status: string;
  progress: Progress;
}

/** Asks everybody again and again until all say that it has ended, or one differs for good. */
async function watch(model: string, each?: (s: Sighting) => Promise<void>): Promise<Sighting[]> {
  const seen: Sighting[] = [];
  await until(
    `${model} has ended for everybody`,
    async () => {
      const workflow = await workflowStatus(model);
      const row = await rowStatus(model);
      const { status } = await client.trainStatus(model);
      const progress = await client.get<Progress>(`/api/v2/train/${model}/progress`);
      const sighting = { workflow, row, status, progress };
      seen.push(sighting);
      await each?.(sighting);
      const all = [workflow?.status, row, status, progress.status];
      return new Set(all).size === 1 && ['complete', 'failed', 'stopped'].includes(row);
    },
    120_000,
  );
  return seen;
}

/** Values without repetitions of the one before. */
function changes(values: (string | undefined)[]): string[] {
  const known = values.filter((value) => value !== undefined);
  return known.filter((value, index) => value !== known[index - 1]);
}

/** Waits until a list of workflows by their search attributes holds the one of a model. */
async function expectListed(model: string, query: string): Promise<void> {
  await until(`a list where ${query} holds ${model}`, async () => {
    for await (const { workflowId } of temporal.workflow.list({ query })) {
      if (workflowId === workflowIdOf(model, 1)) return true;
    }
    return false;
  });
}

const order = ['not_started', 'starting', 'in_progress', 'complete', 'failed', 'stopped'];

/**
 * The workflow changes its status right after the activity that wrote the row. So who asks the
 * workflow first and the row afterwards finds both equal, or the row ahead; never behind.
 */
function expectAgreement(seen: Sighting[], end: string): void {
  for (const { workflow, row, status, progress } of seen) {
    if (workflow) expect(order.indexOf(workflow.status)).toBeLessThanOrEqual(order.indexOf(row));
    expect(order.indexOf(row)).toBeLessThanOrEqual(order.indexOf(status));
    expect(order.slice(order.indexOf('starting'))).toContain(progress.status);
  }
  const told = [
    seen.map(({ workflow }) => workflow?.status),
    seen.map(({ row }) => row),
    seen.map(({ status }) => status),
    seen.map(({ progress }) => progress.status),
  ].map(changes);
  // A quick change may fall between two questions, but nobody tells another story.
  for (const story of told) {
    expect(['starting', 'in_progress', end].filter((step) => story.includes(step))).toEqual(story);
    expect(story.at(-1)).toBe(end);
  }
  expect(told[1]).toContain('in_progress');
}

test('workflow, row, status and progress tell one story of a training that completes', async () => {
  const model = await client.trainText('completes', await upload(small));
  const seen = await watch(model);
  expectAgreement(seen, 'complete');
  expect(seen.some(({ progress }) => progress.source === 'workflow')).toBe(true);
  const stages = changes(seen.map(({ workflow }) => workflow?.stage ?? undefined));
  const all = ['extract', 'preprocess', 'train', 'evaluate', 'report', 'deploy'];
  expect(all.filter((stage) => stages.includes(stage))).toEqual(stages);
  expect(seen.at(-1)!.progress).toMatchObject({ source: 'database', stage: null });
});

test('operators find a training in Temporal by its search attributes', async () => {
  const model = await client.trainText('listed', await upload(small));
  await client.waitForStatus(model, 'complete');
  const { id } = await client.get<{ id: string }>('/api/v2/user/info');
  const { scores } = await client.get<{ scores: { accuracy: number } }>(
    `/api/v2/train/${model}/report`,
  );
  const [from, to] = [scores.accuracy - 0.001, scores.accuracy + 0.001];
  await expectListed(
    model,
    `TrainStatus = 'complete' AND ModelId = '${model}' AND TrainingType = 'nlp-text' ` +
      `AND OwnerId = '${id}' AND BestScore > ${from} AND BestScore < ${to}`,
  );
});

test('the same of one that fails', async () => {
  const model = await client.trainText('fails', await upload('text,label\na b,x\nc d,x\n'));
  expectAgreement(await watch(model), 'failed');
  await expectListed(model, `TrainStatus = 'failed' AND ModelId = '${model}'`);
});

test('the same of one that is cancelled', async () => {
  const model = await client.trainText('cancelled', await upload(large));
  let cancelled = false;
  const seen = await watch(model, async ({ workflow }) => {
    if (cancelled || workflow?.status !== 'in_progress') return;
    cancelled = true;
    await client.post(`/api/v2/train/${model}/cancel`, {});
  });
  expectAgreement(seen, 'stopped');
});

test('without a worker the row answers for progress, in time', async () => {
  await parts.stopPart('worker');
  const model = await client.trainText('waits', await upload(small));
  const progress = await client.get<Progress>(`/api/v2/train/${model}/progress`);
  expect(progress).toMatchObject({ status: 'starting', source: 'database', stage: null });
  expect(await client.trainStatus(model)).toMatchObject({ status: 'starting' });
  await parts.startPart('worker');
  await client.waitForStatus(model, 'complete');
});

test('a workflow that an operator terminates ends its training, which can be retried', async () => {
  const model = await client.trainText('terminated', await upload(large), { seed: 7 });
  await until(
    'it trains',
    async () => {
      const { stage } = await client.get<Progress>(`/api/v2/train/${model}/progress`);
      return stage === 'train';
    },
    60_000,
  );
  await temporal.workflow.getHandle(workflowIdOf(model, 1)).terminate('by an operator');
  const { errors } = await client.waitForStatus(model, 'failed', 30_000);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(/terminated in Temporal.*retry.*\[workflow_closed\]/);
  const retry = await client.post<{ stages: { stage: string; reuse: string }[] }>(
    `/api/v2/train/${model}/retry`,
    {},
  );
  expect(retry.stages.slice(0, 2)).toMatchObject([{ reuse: 'all' }, { reuse: 'all' }]);
  await client.waitForStatus(model, 'complete');
  expect(await workflowStatus(model, 2)).toMatchObject({ status: 'complete' });
  await expect(
    temporal.workflow.getHandle(workflowIdOf(model, 1)).describe(),
  ).resolves.toMatchObject({ status: { name: 'TERMINATED' } });
});

test('a run whose workflow nobody has started is started by the reconciler', async () => {
  const uploadId = await upload(small);
  const user = await userForLogin(database.manager, administrator.email);
  const model = await database.transaction((tx) =>
    createTraining(tx, user!, {
      name: 'left behind',
      type: 'nlp-text',
      baseModelId: null,
      options: { ...defaultOptions, label_column: 'label', n_target_classes: 4 },
      data: {
        sources: [{ location: 'upload', path: uploadId, part: 'train' }],
        cache: 'use',
        deploy_when_complete: false,
      },
      job: { allocation_cores: 1, allocation_memory: 1000 },
      warnings: [],
    }),
  );
  expect(await client.trainStatus(model)).toMatchObject({ status: 'not_started' });
  await client.waitForStatus(model, 'complete', 60_000);
});

test('a fault of configuration ends a training at its first attempt, with what to correct', async () => {
  const { errors } = await client.waitForStatus(misconfigured, 'failed', 60_000);
  expect(errors).toEqual([
    expect.stringMatching(
      /^s3:\/\/bucket\/prefix cannot be read, no credentials were found: set AWS_ACCESS_KEY_ID .* operator .* \[s3_misconfigured\]$/,
    ),
  ]);
  expect(
    await database.query(
      'SELECT max(fence) AS fence FROM stage JOIN run ON run.id = run_id WHERE model_id = $1',
      [misconfigured],
    ),
  ).toEqual([{ fence: 1 }]);
});
