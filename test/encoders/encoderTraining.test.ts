import { writeTinyEncoder } from '../../src/encoders/testing/tinyEncoder';
import { eventsOf, publishedStages } from '../durability/disturbedTraining';
import type { ApiClient, ApiError } from '../support/apiClient';
import { Parts } from '../support/parts';
import { until } from '../support/poll';
import { scratchFolder } from '../support/shared';
import { textsCsv } from '../support/texts';

jest.setTimeout(10 * 60_000);

let parts: Parts;
let client: ApiClient;
let upload: string;

beforeAll(async () => {
  parts = await Parts.start();
  client = await parts.client();
  const folder = scratchFolder('tiny-encoder');
  writeTinyEncoder(folder);
  await parts.command('encoders', 'add', folder, '--name', 'tiny');
  const content = textsCsv({ rows: 2500, classes: 4, seed: 21 });
  upload = await client.upload([{ name: 'train.csv', content }]);
});
afterAll(() => parts.stop());

const columns = { text_column: 'text', label_column: 'label', n_target_classes: 4 };

function start(
  name: string,
  encoder: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Promise<string> {
  return client.trainText(name, upload, {
    model_options: { ...columns, encoder: 'tiny', ...encoder },
    ...more,
  });
}

interface StageOfRun {
  stage: string;
  state: string;
  cache: string | null;
  checkpoint_step: number | null;
  shards?: { begun: number; published: number };
}

async function stageOf(model: string, stage: string): Promise<StageOfRun | undefined> {
  const { stages } = await client.get<{ stages: StageOfRun[] }>(`/api/v2/train/${model}/progress`);
  return stages.find((each) => each.stage === stage);
}

interface Report {
  accuracy: number;
  scores: { accuracy: number };
  lineage: { model_files: Record<string, string> };
}

const reportOf = (model: string): Promise<Report> => client.get(`/api/v2/train/${model}/report`);

async function filesOf(model: string): Promise<Record<string, string>> {
  await client.waitForStatus(model, 'complete', 5 * 60_000);
  return (await reportOf(model)).lineage.model_files;
}

/** Kills the worker that trains as soon as `isTime`, and starts another. */
async function strikeWhen(what: string, isTime: () => Promise<boolean>): Promise<void> {
  await until(what, isTime, 3 * 60_000);
  await parts.kill('worker');
  await parts.startPart('worker');
}

describe('a training from a frozen encoder', () => {
  let model: string;
  beforeAll(async () => {
    model = await start('frozen', {});
    await client.waitForStatus(model, 'complete', 5 * 60_000);
  });

  it('embeds the rows in shards', async () => {
    expect(await stageOf(model, 'embed')).toMatchObject({
      state: 'published',
      cache: 'made',
      shards: { begun: 3, published: 3 },
    });
  });

  it('takes the embeddings of the same texts from the cache', async () => {
    const again = await start('frozen-again', {});
    expect(await filesOf(again)).toEqual(await filesOf(model));
    expect(await stageOf(again, 'embed')).toMatchObject({ cache: 'hit' });
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

  it('goes on after its worker was killed between two shards, and loses none of them', async () => {
    const struck = await start('struck', {}, { cache: 'off' });
    await strikeWhen('a shard has been published', async () => {
      const embed = await stageOf(struck, 'embed');
      if (embed?.state === 'published') throw new Error('all shards are there: too late to strike');
      return (embed?.shards?.published ?? 0) > 0;
    });
    expect(await filesOf(struck)).toEqual(await filesOf(model));
    const published = publishedStages({ events: await eventsOf(client, struck) });
    expect(published.sort()).toEqual([
      'embed-0',
      'embed-1',
      'embed-2',
      'evaluate',
      'extract',
      'preprocess',
      'train',
    ]);
  });
});

describe('a training of all the weights of an encoder', () => {
  const full = { training: 'full', long_texts: 'truncate' };
  // So slow that it improves until the end, and long enough for the first checkpoints.
  const train_options = { epochs: 15, learning_rate: 1e-5 };

  it('gives the same bytes when its worker is killed after a checkpoint', async () => {
    const calm = await filesOf(await start('full', full, { train_options }));
    const struck = await start('full-struck', full, { train_options, cache: 'off' });
    await strikeWhen('a checkpoint has been written', async () => {
      const train = await stageOf(struck, 'train');
      if (train?.state === 'published') throw new Error('it is trained: too late to strike');
      return (train?.checkpoint_step ?? 0) > 0;
    });
    expect(await filesOf(struck)).toEqual(calm);
  });
});

describe('a request', () => {
  const refused: [string, Record<string, unknown>, RegExp][] = [
    ['an encoder that nobody added', { encoder: 'huge' }, /"huge", there are "tiny"/],
    ['another way to train', { training: 'half' }, /"half", allowed are "frozen" and "full"/],
    ['too long a context', { max_length: 5000 }, /max_length is 5000, allowed are 8 to 64/],
    ['another way with long texts', { long_texts: 'drop' }, /"window" and "truncate"/],
  ];
  it.each(refused)('is refused for %s', async (_, encoder, reason) => {
    const failure = await start('refused', encoder).catch((error: unknown) => error as ApiError);
    expect(failure).toMatchObject({ status: 422 });
    expect((failure as ApiError).body.replaceAll('\\"', '"')).toMatch(reason);
  });
});
