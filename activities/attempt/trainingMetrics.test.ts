import { CancelledFailure } from '@temporalio/activity';
import { Registry } from 'prom-client';
import { TrainyardError } from '../../src/errors';
import type { StageResult } from '../../workflows/types';
import { cancelledByOwner, waitForBuilder } from './failures';
import { TrainingMetrics } from './trainingMetrics';

let registry: Registry;
let metrics: TrainingMetrics;
beforeEach(() => {
  registry = new Registry();
  metrics = new TrainingMetrics(registry);
});

const lines = async (name: string) =>
  (await registry.getSingleMetricAsString(name))
    .split('\n')
    .filter((line) => !line.startsWith('#'));

const results: [string, StageResult][] = [
  ['made', { cache: 'made' }],
  ['made', { cache: null }],
  ['cached', { cache: 'hit' }],
];
const failures: [string, Error][] = [
  ['failed', new TrainyardError('data', 'no_rows', 'nothing to train on')],
  ['failed', new Error('the database is away')],
  ['fenced', new TrainyardError('infrastructure', 'fenced', 'a newer attempt owns this stage')],
  ['waited', waitForBuilder(0)],
  ['cancelled', cancelledByOwner()],
  ['cancelled', new CancelledFailure('CANCELLED')],
  ['handed_over', new CancelledFailure('WORKER_SHUTDOWN')],
];

describe('an attempt at a stage', () => {
  it.each(results)('that ends well is measured as %s', async (outcome, result) => {
    expect(await metrics.attempt('train', () => Promise.resolve(result))).toBe(result);
    expect(await lines('trainyard_stage_seconds')).toContain(
      `trainyard_stage_seconds_count{stage="train",outcome="${outcome}"} 1`,
    );
  });

  it.each(failures)(
    'that ends otherwise is measured as %s and fails as it did',
    async (outcome, e) => {
      await expect(metrics.attempt('train', () => Promise.reject(e))).rejects.toBe(e);
      expect(await lines('trainyard_stage_seconds')).toContain(
        `trainyard_stage_seconds_count{stage="train",outcome="${outcome}"} 1`,
      );
    },
  );

  it('counts as running until then', async () => {
    let end: (result: StageResult) => void = () => undefined;
    const attempt = metrics.attempt('embed', () => new Promise((resolve) => (end = resolve)));
    const running = () => lines('trainyard_stage_attempts_running');
    expect(await running()).toEqual(['trainyard_stage_attempts_running{stage="embed"} 1']);
    end({ cache: null });
    await attempt;
    expect(await running()).toEqual(['trainyard_stage_attempts_running{stage="embed"} 0']);
  });
});

test('ended trainings are counted by their status', async () => {
  metrics.runEnded('complete');
  metrics.runEnded('failed');
  metrics.runEnded('complete');
  expect(await lines('trainyard_runs_ended_total')).toEqual([
    'trainyard_runs_ended_total{status="complete"} 2',
    'trainyard_runs_ended_total{status="failed"} 1',
  ]);
});
