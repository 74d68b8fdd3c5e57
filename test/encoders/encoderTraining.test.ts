import {
  eventsOf,
  publishedStages,
  resumedSteps,
  type TrainEvent,
} from '../durability/disturbedTraining';
import type { ApiClient, ApiError } from '../support/apiClient';
import { Parts } from '../support/parts';
import { textsCsv } from '../support/texts';
import { addTinyEncoder, begunAgain, filesOf, progressOf, startFromTiny } from './encoderRuns';
import {
  encoderKills,
  killAtWork,
  shardsDone,
  stepsDone,
  strikeAt,
  type EncoderKill,
} from './encoderStrikes';
import { workersOf } from './workersOf';

jest.setTimeout(5 * 60_000);

/** Four shards: one more than a worker of two cores takes at once. */
const rows = 3200;
const csv = textsCsv({ rows, classes: 4, seed: 21 });
const shards = ['embed-0', 'embed-1', 'embed-2', 'embed-3'];
const others = ['evaluate', 'extract', 'preprocess', 'train'];

let parts: Parts;
let client: ApiClient;
let uploads: Record<EncoderKill['training'], string>;

beforeAll(async () => {
  parts = await Parts.start({ env: { TRAINYARD_CORES: '2' } });
  client = await parts.client();
  await addTinyEncoder((...args) => parts.command(...args));
  const upload = (content: string) => client.upload([{ name: 'train.csv', content }]);
  const part = csv.split('\n').slice(0, 2000).join('\n');
  uploads = { frozen: await upload(csv), full: await upload(part) };
});
afterAll(() => parts.stop());

const onCores = (allocation_cores: number) => ({ job_options: { allocation_cores } });

async function restartWorker(): Promise<void> {
  await parts.kill('worker');
  await parts.startPart('worker');
}

/** Trains, killing a process once; the events of the training, and its files. */
async function killed(
  { training, victim, share }: EncoderKill,
  options: Record<string, unknown>,
  more: Record<string, unknown>,
): Promise<{ events: TrainEvent[]; files: Record<string, string> }> {
  const name = `${training}-${victim}`;
  const asked = { ...more, cache: 'off' };
  const model = await startFromTiny(client, name, uploads[training], options, asked);
  const full = training === 'full';
  await strikeAt(
    client,
    model,
    { share, workOf: full ? stepsDone : shardsDone(rows), needsCheckpoint: full },
    () => killAtWork(victim, parts.home, restartWorker),
  );
  const files = await filesOf(client, model);
  return { events: await eventsOf(client, model), files };
}

/** In the first half of the work: how far a training is, is known a second later, and on a busy machine later still. */
const killsOf = (training: 'frozen' | 'full'): EncoderKill[] =>
  encoderKills(1)
    .filter((kill) => kill.training === training)
    .map((kill) => ({ ...kill, share: kill.share / 2 }));

describe('a training from a frozen encoder', () => {
  let model: string;
  beforeAll(async () => {
    model = await startFromTiny(client, 'frozen', uploads.frozen, {}, onCores(1));
    await client.waitForStatus(model, 'complete', 2 * 60_000);
  });

  it('embeds the rows in shards', async () => {
    const { stages } = await progressOf(client, model);
    expect(stages.find(({ stage }) => stage === 'embed')).toMatchObject({
      state: 'published',
      cache: 'made',
      shards: { begun: 4, published: 4 },
    });
  });

  it('takes the embeddings of the same texts from the cache: with lists of other labels in JSON Lines, another seed and part put aside', async () => {
    const files = [{ name: 'train.jsonl', content: withLists(csv) }];
    const again = await startFromTiny(
      client,
      'again',
      await client.upload(files),
      {},
      { seed: 7, holdout: 0.2 },
    );
    await client.waitForStatus(again, 'complete', 2 * 60_000);
    const events = await eventsOf(client, again);
    const embedded = events.filter(
      ({ type, data }) => type === 'stage_published' && shards.includes(data['stage'] as string),
    );
    expect(embedded.map(({ data }) => data['cache'])).toEqual(shards.map(() => 'hit'));
    const report = await client.get<{ scores: Record<string, number | null> }>(
      `/api/v2/train/${again}/report`,
    );
    expect(report.scores['micro_f1']).toBeGreaterThan(0);
  });

  it('gives a model that is deployed and answers as any other', async () => {
    await client.deploy(model);
    const { data } = await client.predict<{
      data: { prediction_results: { predicted_classes: { class: string; score: number }[] } };
    }>(model, { text: 'bababa', top_k: 2 });
    const classes = data.prediction_results.predicted_classes;
    expect(classes).toHaveLength(2);
    expect(classes[0]!.class).toMatch(/^class-\d$/);
  });

  it('is the same when it is verified', async () => {
    expect(await parts.command('verify', model)).toMatch(/same/);
  });

  it.each(killsOf('frozen'))(
    'gives the same bytes on two cores, its $victim killed among the shards: one is embedded again',
    async (kill) => {
      const { events, files } = await killed(kill, {}, onCores(2));
      expect(files).toEqual(await filesOf(client, model));
      expect(publishedStages({ events }).sort()).toEqual([...shards, ...others]);
      const again = begunAgain(events);
      expect(again).toHaveLength(1);
      expect(shards).toContain(again[0]);
    },
  );

  it('is shared by workers: each embeds some of the shards, and the bytes are the same', async () => {
    const right = await Parts.start({
      parts: ['worker'],
      beside: parts,
      env: { TRAINYARD_CORES: '2' },
    });
    try {
      const shared = await startFromTiny(client, 'shared', uploads.frozen, {}, { cache: 'off' });
      expect(await filesOf(client, shared)).toEqual(await filesOf(client, model));
      const workers = await workersOf(parts, shared, 'embed');
      expect(workers).toHaveLength(4);
      expect(new Set(workers)).toEqual(new Set([parts.pid('worker'), right.pid('worker')]));
      await right.stopPart('worker');
    } finally {
      await right.stop();
    }
  });
});

describe('a training of all the weights of an encoder', () => {
  const full = { training: 'full', long_texts: 'truncate' };
  // So slow that it improves until the end, and long enough for the first checkpoints.
  const train_options = { epochs: 12, learning_rate: 1e-5 };
  let calm: Record<string, string>;
  beforeAll(async () => {
    const more = { train_options, ...onCores(1) };
    calm = await filesOf(client, await startFromTiny(client, 'full', uploads.full, full, more));
  });

  it.each(killsOf('full'))(
    'gives the same bytes on two cores, its $victim killed among the steps: it goes on from a checkpoint',
    async (kill) => {
      const { events, files } = await killed(kill, full, { train_options, ...onCores(2) });
      expect(files).toEqual(calm);
      expect(publishedStages({ events }).sort()).toEqual(others);
      expect(begunAgain(events)).toEqual(['train']);
      expect(resumedSteps({ events })[1]).toBeGreaterThan(0);
    },
  );
});

describe('a request', () => {
  const refused: [string, Record<string, unknown>, RegExp][] = [
    ['an encoder that nobody added', { encoder: 'huge' }, /"huge", there are "tiny"/],
    ['another way to train', { training: 'half' }, /"half", allowed are "frozen" and "full"/],
    ['too long a context', { max_length: 5000 }, /max_length is 5000, allowed are 8 to 64/],
    ['another way with long texts', { long_texts: 'drop' }, /"window" and "truncate"/],
  ];
  it.each(refused)('is refused for %s', async (_, encoder, reason) => {
    const failure = await startFromTiny(client, 'refused', uploads.frozen, encoder).catch(
      (error: unknown) => error as ApiError,
    );
    expect(failure).toMatchObject({ status: 422 });
    expect((failure as ApiError).body.replaceAll('\\"', '"')).toMatch(reason);
  });
});

/** The rows of a CSV file as JSON Lines, each with a list of its label, of that and class-0, or of none. */
function withLists(content: string): string {
  const lines = content.trimEnd().split('\n').slice(1);
  return lines
    .map((line, i) => {
      const [text, label] = line.split(',');
      return JSON.stringify({ text, label: [[], [label], [label, 'class-0']][i % 3] });
    })
    .join('\n');
}
