/**
 * The seeded matrix: every process is killed at points spread over the whole training. Choose with
 * TRAINYARD_CHAOS_SEED (default 1) and TRAINYARD_CHAOS_POINTS (points per process, default 2); the
 * seed and each result are printed as a line of JSON.
 */
import type { ApiClient } from '../support/apiClient';
import {
  leftovers,
  publishedStages,
  resumedSteps,
  trainUnder,
  type Outcome,
} from '../durability/disturbedTraining';
import { durableStack, startDurable } from '../durability/durableStack';
import { strike, victims } from '../durability/strikes';
import { chaosPoints, chaosSeed, spreadPoints } from '../support/seeds';

jest.setTimeout(20 * 60_000);

/** So many a run has at least, however quiet the machine. */
const leastCheckpoints = 18;

const stack = durableStack();
let client: ApiClient;
let calm: Outcome;
let lastStep: number;

beforeAll(async () => {
  client = await startDurable(stack);
  calm = await trainUnder(client, 'calm', []);
  // Checkpoints come with time: a run on a quieter machine has fewer of them than the calm one had.
  lastStep = Math.min(calm.checkpoints, leastCheckpoints);
});
afterAll(() => stack.clear());

test.each(spreadPoints(victims, chaosPoints))(
  '%s killed at %f of the training',
  async (victim, share) => {
    const atStep = 1 + Math.floor(share * Math.max(0, lastStep - 3));
    const name = `${victim}-${share.toFixed(3)}`;
    const outcome = await trainUnder(client, name, [
      { atStep, strike: () => strike(stack, victim) },
    ]);
    const resumed = resumedSteps(outcome).slice(1);
    const again = resumed.map((step) => outcome.stepsAtStrikes[0]! - (step ?? 0));
    process.stdout.write(
      `${JSON.stringify({
        seed: chaosSeed,
        victim,
        share,
        struck_at: outcome.stepsAtStrikes[0],
        of: outcome.checkpoints,
        resumed_at: resumed,
        seconds: Math.round(outcome.seconds),
        calm_seconds: Math.round(calm.seconds),
      })}\n`,
    );
    expect(outcome.modelFiles).toEqual(calm.modelFiles);
    expect(publishedStages(outcome)).toEqual(['extract', 'preprocess', 'train', 'evaluate']);
    for (const redone of again) expect(redone).toBeLessThanOrEqual(2);
    expect(await leftovers(stack)).toEqual([]);
  },
);
