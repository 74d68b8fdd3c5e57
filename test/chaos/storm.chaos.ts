/**
 * Trainings in a storm: small trainings come one after another while something breaks every few seconds,
 * seeded: processes are killed or frozen, the object store, the database and Temporal are away or
 * misbehave. All that was accepted must become complete, once, with the bytes of a calm training.
 * TRAINYARD_CHAOS_SEED (default 1), TRAINYARD_STORM_STRIKES (default 60).
 */
import { ApiError, type ApiClient } from '../support/apiClient';
import { FaultyLines } from '../support/faultyLines';
import { s3Faults } from '../support/faultyS3';
import { Parts, type Part } from '../support/parts';
import { until } from '../support/poll';
import { allocationsBelow } from '../support/processes';
import { chaosSeed, randomOf } from '../support/seeds';
import { textsCsv } from '../support/texts';
import { eventsOf, publishedStages } from '../durability/disturbedTraining';

jest.setTimeout(3 * 60 * 60_000);

const strikes = Number(process.env['TRAINYARD_STORM_STRIKES'] ?? 60);
/** Trainings under way at any time. */
const atOnce = 2;
const awayMs = 6000;

let lines: FaultyLines;
let left: Parts;
let right: Parts;
let client: ApiClient;

beforeAll(async () => {
  lines = await FaultyLines.open();
  left = await lines.newPlatform();
  for (const part of ['api', 'serving', 'worker'] as const) await left.startPart(part);
  // Another machine: a second serving process of each deployment.
  right = await Parts.start({ parts: ['serving'], beside: left, env: lines.env });
  client = await (await left.client()).keepToken();
});
afterAll(async () => {
  await Promise.all([left?.stop(), right?.stop()]);
  await lines?.close();
});

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

async function awhile(breakIt: () => void, mendIt: () => void): Promise<void> {
  breakIt();
  await pause(awayMs);
  mendIt();
}

async function killAndStart(parts: Parts, part: Part): Promise<void> {
  await parts.kill(part);
  await parts.startPart(part);
}

function freeze(parts: Parts, part: Part): Promise<void> {
  const pid = parts.pid(part);
  return awhile(
    () => process.kill(pid, 'SIGSTOP'),
    () => process.kill(pid, 'SIGCONT'),
  );
}

const kinds: Record<string, () => Promise<void>> = {
  'worker killed': () => killAndStart(left, 'worker'),
  'api killed': () => killAndStart(left, 'api'),
  'serving killed': () => killAndStart(left, 'serving'),
  'other serving killed': () => killAndStart(right, 'serving'),
  'allocation killed': () => {
    for (const { pid } of allocationsBelow(left.home)) process.kill(pid, 'SIGKILL');
    return Promise.resolve();
  },
  'worker frozen': () => freeze(left, 'worker'),
  'serving frozen': () => freeze(left, 'serving'),
  'postgres refuses': () =>
    awhile(
      () => lines.postgres.set('refuse'),
      () => lines.postgres.set('pass'),
    ),
  'postgres frozen': () =>
    awhile(
      () => lines.postgres.set('freeze'),
      () => lines.postgres.set('pass'),
    ),
  'temporal refuses': () =>
    awhile(
      () => lines.temporal.set('refuse'),
      () => lines.temporal.set('pass'),
    ),
  'temporal frozen': () =>
    awhile(
      () => lines.temporal.set('freeze'),
      () => lines.temporal.set('pass'),
    ),
  ...Object.fromEntries(
    s3Faults.map((fault) => [
      `store ${fault}`,
      () =>
        awhile(
          () => (lines.store.mode = fault),
          () => (lines.store.mode = 'pass'),
        ),
    ]),
  ),
};

test(`${strikes} strikes lose nothing, double nothing and change no byte`, async () => {
  const csv = textsCsv({ rows: 1500, classes: 8, seed: 5 });
  const upload = await client.upload([{ name: 'train.csv', content: csv }]);
  const calmModel = await train(upload, 'calm');
  const calm = await finished(calmModel);
  await client.deploy(calmModel);
  const random = randomOf(chaosSeed);
  const accepted: string[] = [];
  let struck = 0;
  let stormy = true;

  const lane = async (number: number): Promise<void> => {
    for (let turn = 0; stormy; turn++) {
      const model = await train(upload, `storm-${number}-${turn}`);
      accepted.push(model);
      await ended(model);
    }
  };
  const lanes = Array.from({ length: atOnce }, (_, number) => lane(number));
  const predictions = { right: 0, refused: 0, wrong: 0 };
  const asking = askAll(calmModel, predictions, () => stormy);
  const counts: Record<string, number> = {};
  const names = Object.keys(kinds);
  while (struck < strikes) {
    await pause(300 + random() * 2500);
    const kind = names[Math.floor(random() * names.length)]!;
    await kinds[kind]!();
    counts[kind] = (counts[kind] ?? 0) + 1;
    struck++;
  }
  stormy = false;
  await Promise.all([...lanes, asking]);

  const lost: string[] = [];
  const doubled: string[] = [];
  const changed: string[] = [];
  for (const model of accepted) {
    const { status, files, stages } = await finished(model);
    if (status !== 'complete') lost.push(`${model}: ${status}`);
    else if (JSON.stringify(files) !== JSON.stringify(calm.files)) changed.push(model);
    if (new Set(stages).size !== stages.length) doubled.push(model);
  }
  const result = { seed: chaosSeed, strikes: struck, trainings: accepted.length, predictions };
  process.stdout.write(`${JSON.stringify({ ...result, counts, lost, doubled, changed })}\n`);
  expect({ lost, doubled, changed }).toEqual({ lost: [], doubled: [], changed: [] });
  expect(predictions.wrong).toBe(0);
  expect(allocationsBelow(left.home)).toEqual([]);
});

/** Asks both serving processes of the calm model all the time: they may refuse, but never answer wrongly. */
async function askAll(
  model: string,
  counts: { right: number; refused: number; wrong: number },
  goesOn: () => boolean,
): Promise<void> {
  type Reply = { data: { prediction_results: { predicted_classes: { class: string }[] } } };
  const ask = (url: string) =>
    answered(async () => {
      const reply = await fetch(`${url}/${model}/predict`, {
        method: 'POST',
        headers: { authorization: `Bearer ${client.token!}`, 'content-type': 'application/json' },
        body: JSON.stringify({ text: 'word0 word1 word2' }),
        signal: AbortSignal.timeout(awayMs * 2),
      });
      if (reply.status !== 200) throw new Error(await reply.text());
      return ((await reply.json()) as Reply).data.prediction_results.predicted_classes[0]!.class;
    });
  const expected = await until('it answers', () => ask(client.url));
  for (let turn = 0; goesOn(); turn++) {
    const answer = await ask(turn % 2 === 0 ? client.url : right.url('serving'));
    if (answer === undefined) counts.refused++;
    else if (answer === expected) counts.right++;
    else counts.wrong++;
    await pause(50);
  }
}

/** The model of a training that is accepted for certain: whoever got no answer asks again. */
function train(upload: string, name: string): Promise<string> {
  return until(
    `${name} is accepted`,
    async () => {
      try {
        const options = { cache: 'off', train_options: { epochs: 150 } };
        return await client.trainText(name, upload, options);
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 409) return undefined;
        type Model = { model_id: string; model_name: string };
        const models = await answered(() => client.get<Model[]>('/api/v2/model/list'));
        return models?.find(({ model_name }) => model_name === name)?.model_id;
      }
    },
    5 * 60_000,
  );
}

const endings = ['complete', 'failed', 'stopped'];

function ended(model: string): Promise<string> {
  return until(
    `${model} has ended`,
    async () => {
      const status = (await answered(() => client.trainStatus(model)))?.status;
      return status !== undefined && endings.includes(status) && status;
    },
    15 * 60_000,
  );
}

async function finished(model: string) {
  const status = await ended(model);
  if (status !== 'complete') return { status: await reasonOf(model), files: {}, stages: [] };
  type Report = { lineage: { model_files: Record<string, string> } };
  const report = await until('the report is there', () =>
    answered(() => client.get<Report>(`/api/v2/train/${model}/report`)),
  );
  const stages = publishedStages({ events: await eventsOf(client, model) });
  return { status, files: report.lineage.model_files, stages };
}

async function reasonOf(model: string): Promise<string> {
  const reply = await answered(() => client.trainStatus(model));
  return `${reply?.status ?? 'unknown'}: ${reply?.errors.join('; ') ?? ''}`;
}

async function answered<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}
