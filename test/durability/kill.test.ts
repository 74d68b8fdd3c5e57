import {
  leftovers,
  publishedStages,
  resumedSteps,
  trainUnder,
  type Outcome,
} from './disturbedTraining';
import { durableStack, startDurable } from './durableStack';
import { strike, victims } from './strikes';

// A busy machine takes ten times as long as a quiet one.
jest.setTimeout(40 * 60_000);

const stack = durableStack();
let calm: Outcome;
let struck: Outcome;

beforeAll(async () => {
  const client = await startDurable(stack);
  calm = await trainUnder(client, 'calm', []);
  // Every process once, spread over the whole run.
  const strikes = victims.map((victim, index) => ({
    atStep: 2 + index * 2,
    strike: () => strike(stack, victim),
  }));
  struck = await trainUnder(client, 'struck', strikes);
});
afterAll(() => stack.clear());

test('the undisturbed run is long enough to be struck: ten checkpoints or more', () => {
  expect(calm.checkpoints).toBeGreaterThanOrEqual(10);
  expect(struck.stepsAtStrikes.at(-1)).toBeGreaterThanOrEqual(10);
});

test('a training whose every process was killed once gives the same bytes', () => {
  expect(struck.modelFiles).toEqual(calm.modelFiles);
});

test('each stage is published once', () => {
  expect(publishedStages(struck)).toEqual(['extract', 'preprocess', 'train', 'evaluate']);
});

test('work resumes above step 0, with no more than two checkpoints of work done again', () => {
  const resumed = resumedSteps(struck);
  expect(resumed[0]).toBeNull();
  for (const step of resumed.slice(1)) expect(step).toBeGreaterThan(0);
  // Whoever was struck first had published these steps. Each of the two cost an attempt.
  expect(victims.slice(0, 2)).toEqual(['worker', 'allocation']);
  const [atWorker, atAllocation] = struck.stepsAtStrikes as [number, number];
  expect(resumed[1]).toBeGreaterThanOrEqual(atWorker - 2);
  expect(resumed[2]).toBeGreaterThanOrEqual(atAllocation - 2);
});

test('no process and no scratch file stays behind', async () => {
  expect(await leftovers(stack)).toEqual([]);
});
