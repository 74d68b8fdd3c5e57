/**
 * The seeded matrix of trainings from an encoder: worker and allocation are killed at points spread over
 * the shards of a frozen encoder's embeddings, and over the steps of fine-tuning. Choose with
 * TRAINYARD_CHAOS_SEED (default 1) and TRAINYARD_CHAOS_POINTS (points per process and way, default 2);
 * each result is printed as a line of JSON.
 */
import {
  eventsOf,
  leftovers,
  publishedStages,
  resumedSteps,
  type TrainEvent,
} from '../durability/disturbedTraining';
import { durableStack, startDurable } from '../durability/durableStack';
import { strike } from '../durability/strikes';
import { addTinyEncoder, begunAgain, filesOf, startFromTiny } from '../encoders/encoderRuns';
import {
  encoderKills,
  killAtWork,
  shardsDone,
  stepsDone,
  strikeAt,
  type EncoderKill,
} from '../encoders/encoderStrikes';
import type { ApiClient } from '../support/apiClient';
import { chaosPoints, chaosSeed } from '../support/seeds';
import { textsCsv } from '../support/texts';

jest.setTimeout(20 * 60_000);

/** Trainings of half a minute and more on two cores: a dozen shards, and steps for some checkpoints. */
const trainings = {
  frozen: { rows: 12_000, options: {}, more: {} },
  full: {
    rows: 2500,
    options: { training: 'full', long_texts: 'truncate' },
    // So slow that it improves until the end.
    more: { train_options: { epochs: 60, learning_rate: 1e-5 } },
  },
};

interface Ended {
  files: Record<string, string>;
  events: TrainEvent[];
  seconds: number;
}

const stack = durableStack();
let client: ApiClient;
let calm: Record<EncoderKill['training'], Ended>;

beforeAll(async () => {
  client = await startDurable(stack);
  await addTinyEncoder((...args) => stack.command(...args));
  calm = { frozen: await train('frozen', 'frozen'), full: await train('full', 'full') };
});
afterAll(() => stack.clear());

/** Without the cache, so that every stage works. */
async function train(
  training: EncoderKill['training'],
  name: string,
  disturb: (model: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<Ended> {
  const { rows, options, more } = trainings[training];
  const content = textsCsv({ rows, classes: 4, seed: 21 });
  const upload = await client.upload([{ name: 'train.csv', content }]);
  const begun = performance.now();
  const model = await startFromTiny(client, name, upload, options, { ...more, cache: 'off' });
  await disturb(model);
  const files = await filesOf(client, model);
  const seconds = (performance.now() - begun) / 1000;
  return { files, events: await eventsOf(client, model), seconds };
}

test.each(encoderKills(chaosPoints))(
  '$training: $victim killed at $share of the work',
  async ({ training, victim, share }) => {
    const workOf = training === 'full' ? stepsDone : shardsDone(trainings.frozen.rows);
    const kill = () => killAtWork(victim, stack.home, () => strike(stack, 'worker'));
    let struck: Awaited<ReturnType<typeof strikeAt>> | undefined;
    const name = `${training}-${victim}-${share.toFixed(3)}`;
    const ended = await train(training, name, async (model) => {
      struck = await strikeAt(client, model, { workOf, share }, kill);
    });
    const again = begunAgain(ended.events);
    const resumed = resumedSteps(ended);
    process.stdout.write(
      `${JSON.stringify({
        seed: chaosSeed,
        training,
        victim,
        share,
        struck_at: struck!.done,
        of: struck!.of,
        checkpoint: struck!.checkpoint,
        begun_again: again,
        resumed_at: resumed.slice(1),
        seconds: Math.round(ended.seconds),
        calm_seconds: Math.round(calm[training].seconds),
      })}\n`,
    );
    expect(ended.files).toEqual(calm[training].files);
    expect(publishedStages(ended).sort()).toEqual(publishedStages(calm[training]).sort());
    expect(again.length).toBeGreaterThan(0);
    expect(resumed.at(-1) ?? 0).toBeGreaterThanOrEqual(struck!.checkpoint ?? 0);
    expect(await leftovers(stack)).toEqual([]);
  },
);
