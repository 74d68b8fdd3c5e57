import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import {
  DefaultLogger,
  Runtime,
  Worker,
  bundleWorkflowCode,
  type WorkflowBundle,
} from '@temporalio/worker';

jest.setTimeout(120_000);

/** Histories of real trainings; `record.record.ts` says how they are made. */
const histories = historiesIn('');
/** Those that an older version has left, which goes on under this one when it is upgraded. */
const older = historiesIn('older/');

function historiesIn(folder: string): string[] {
  return readdirSync(join(__dirname, folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => folder + name.slice(0, -'.json'.length));
}

let workflowBundle: WorkflowBundle;
const warnings: string[] = [];

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const keep = (message: string) => void warnings.push(message);
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: join(__dirname, '../../workflows/index.ts'),
    logger: {
      log: () => undefined,
      trace: () => undefined,
      debug: () => undefined,
      info: () => undefined,
      warn: keep,
      error: keep,
    },
  });
});
afterAll(() => Runtime.instance().shutdown());

test('the workflows bundle without a warning', () => {
  expect(warnings).toEqual([]);
});

test('every path that a training can take has a golden history', () => {
  const paths = ['cache-wait', 'cancelled', 'embedded', 'failed', 'happy', 'resumed'];
  expect(histories.sort()).toEqual(paths);
});

test.each([...histories, ...older])('the workflow replays the history "%s"', async (name) => {
  const json: unknown = JSON.parse(readFileSync(join(__dirname, `${name}.json`), 'utf8'));
  await Worker.runReplayHistory({ workflowBundle }, historyFromJSON(json), name);
});

test('a history that the workflow would not make is refused', async () => {
  const json = JSON.parse(readFileSync(join(__dirname, 'happy.json'), 'utf8')) as {
    events: { activityTaskScheduledEventAttributes?: { activityType: { name: string } } }[];
  };
  const scheduled = json.events.find((event) => event.activityTaskScheduledEventAttributes)!;
  scheduled.activityTaskScheduledEventAttributes!.activityType.name = 'train';
  await expect(
    Worker.runReplayHistory({ workflowBundle }, historyFromJSON(json), 'changed'),
  ).rejects.toThrow(/Nondeterminism|TMPRL1100/i);
});
