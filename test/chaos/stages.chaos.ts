/**
 * Kills in the stages around the training: each process while rows are extracted and preprocessed, while
 * the model is evaluated, and once that is done, when the report is written and the model appears. Each
 * result is printed as a line of JSON.
 */
import type { ApiClient } from '../support/apiClient';
import {
  leftovers,
  publishedStages,
  trainUnder,
  type Moment,
  type Outcome,
} from '../durability/disturbedTraining';
import { durableStack, startDurable } from '../durability/durableStack';
import { strike, type Victim } from '../durability/strikes';

jest.setTimeout(10 * 60_000);

/** Many rows, so that these stages take long enough to be struck; few passes over them. */
const work = { rows: 20_000, classes: 12, epochs: 5 };

const moments: [name: string, moment: Moment, victims: Victim[]][] = [
  ['extract', { inStage: 'extract' }, ['worker', 'allocation', 'postgres', 'temporal']],
  ['preprocess', { inStage: 'preprocess' }, ['worker', 'allocation']],
  ['evaluate', { inStage: 'evaluate' }, ['worker', 'allocation', 'postgres', 'temporal']],
  // Short writes of the worker itself.
  ['report', { afterStage: 'evaluate' }, ['worker', 'postgres', 'temporal']],
];
const kills = moments.flatMap(([stage, moment, victims]) =>
  victims.map((victim) => ({ stage, moment, victim })),
);

const stack = durableStack();
let client: ApiClient;
let calm: Outcome;

beforeAll(async () => {
  client = await startDurable(stack);
  calm = await trainUnder(client, 'calm', [], work);
});
afterAll(() => stack.clear());

/** How often each stage was begun. */
async function attemptsOf(model: string): Promise<Record<string, number>> {
  const { stages } = await client.get<{ stages: { stage: string; attempts: number }[] }>(
    `/api/v2/train/${model}/progress`,
  );
  return Object.fromEntries(stages.map(({ stage, attempts }) => [stage, attempts]));
}

test.each(kills)('$victim killed in $stage', async ({ stage, moment, victim }) => {
  const kill = { ...moment, strike: () => strike(stack, victim) };
  const outcome = await trainUnder(client, `${stage}-${victim}`, [kill], work);
  const attempts = await attemptsOf(outcome.model);
  process.stdout.write(
    `${JSON.stringify({
      victim,
      stage,
      attempts,
      seconds: Math.round(outcome.seconds),
      calm_seconds: Math.round(calm.seconds),
    })}\n`,
  );
  // Temporal and PostgreSQL may be back before the stage has missed them.
  const struck = stage !== 'report' && (victim === 'worker' || victim === 'allocation');
  if (struck) expect(attempts[stage]).toBeGreaterThan(1);
  expect(outcome.modelFiles).toEqual(calm.modelFiles);
  expect(publishedStages(outcome)).toEqual(['extract', 'preprocess', 'train', 'evaluate']);
  expect(await leftovers(stack)).toEqual([]);
});
