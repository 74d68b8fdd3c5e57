import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EncoderChoice } from '../../../encoder-learning/encoderChoice';
import { writeTinyEncoder } from '../../../encoders/testing/tinyEncoder';
import { randomBelow, streamKey } from '../../../ml/random/counterRandom';
import type { EncoderFamily } from '../../../ml/transformers/encoderConfig';
import type { StageContext } from '../../../stage/stageContext';
import { writeParts } from '../../../support/largeFiles';
import { readManifest } from '../bundle/manifest';
import type { NlpTokenOptions } from '../options';
import { openTagger, type TokenTagger } from '../predict/tokenTagger';
import { filesOf } from '../testing/filesOf';
import { runStages, type GivenFile } from '../testing/runStages';

// Threads compile their sources here, which takes seconds on a busy machine.
jest.setTimeout(120_000);

const names = ['Ana', 'Bob', 'Carl', 'Dora', 'Emil', 'Fay', 'Gus', 'Hana', 'Ivo', 'Jane'];
const cities = ['Rome', 'Oslo', 'Lima', 'Cairo', 'Quito', 'Delhi', 'Tunis', 'Paris'];
const others = ['lives', 'in', 'now', 'the', 'train', 'to', 'takes', 'nobody', 'was', 'there'];

let root: string;
let folders = 0;
beforeAll(() => (root = mkdtempSync(join(tmpdir(), 'nlp-token-encoder-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const newFolder = () => join(root, String(folders++));

function encoderOf(family: EncoderFamily = 'bert'): string {
  const folder = join(root, family);
  const words = [...names, ...cities, ...others].map((word) => word.toLowerCase());
  writeTinyEncoder(folder, { words, family });
  return folder;
}

/** Sentences of three to eight words at random, a name and a city among them. */
function rows(count: number): GivenFile {
  const lines = Array.from({ length: count }, (_, i) => {
    const draw = (at: number, below: number) => randomBelow(streamKey(5, i), at, below);
    const words = Array.from({ length: 1 + draw(0, 6) }, (_, k) => [others[draw(k + 1, 10)]!, 'O']);
    words.splice(draw(8, words.length + 1), 0, [names[draw(9, 10)]!, 'NAME']);
    words.splice(draw(10, words.length + 1), 0, [cities[draw(11, 8)]!, 'CITY']);
    return [0, 1].map((column) => words.map((word) => word[column]).join(' ')).join();
  });
  return { name: 'rows.csv', content: ['source,target', ...lines].join('\n') };
}

function optionsFor(
  training: EncoderChoice['training'],
  more: Partial<NlpTokenOptions> = {},
  length = 32,
): Partial<NlpTokenOptions> {
  const encoder: EncoderChoice = {
    name: 'tiny',
    hash: 'e'.repeat(64),
    training,
    max_length: length,
    long_texts: 'window',
    quantize: false,
  };
  const steps = { epochs: 8, batch_size: 8, learning_rate: 3e-3 };
  return { target_labels: ['NAME', 'CITY'], holdout: 0.2, seed: 7, encoder, ...steps, ...more };
}

async function withTagger<T>(dir: string, use: (tagger: TokenTagger) => Promise<T>): Promise<T> {
  const tagger = await openTagger(join(dir, 'train', 'model'));
  try {
    return await use(tagger);
  } finally {
    await tagger.close();
  }
}

const tagsOf = (dir: string, text: string): Promise<string[]> =>
  withTagger(dir, async (tagger) => {
    const { spans } = await tagger.tag(text);
    return spans.map(({ start, end, tag }) => `${text.slice(start, end)}=${tag}`);
  });

test.each([
  ['frozen', 'bert', 0.6],
  ['full', 'bert', 0.9],
  ['full', 'roberta', 0.9],
  ['full', 'mpnet', 0.9],
] as const)(
  'with an encoder, %s, of the family %s, words are tagged in texts that were not learned',
  async (training, family, least) => {
    const encoder = encoderOf(family);
    const { dir, evaluation } = await runStages(newFolder(), [rows(240)], optionsFor(training), {
      encoder,
      cores: 2,
    });
    expect(evaluation.measured!.spans.f1).toBeGreaterThan(least);
    expect(await tagsOf(dir, '  nobody takes\tJane to  Lima')).toContain('Lima=CITY');
  },
);

test('a text of many windows is tagged to its end', async () => {
  const encoder = encoderOf();
  const short = optionsFor('full', {}, 12);
  const { dir } = await runStages(newFolder(), [rows(240)], short, { encoder });
  const text = Array.from({ length: 40 }, (_, i) => `${names[i % 10]!} lives in Oslo`).join(
    ' now ',
  );
  const found = await tagsOf(dir, text);
  expect(found.filter((one) => one.endsWith('=NAME')).length).toBeGreaterThan(32);
  expect(found.filter((one) => one === 'Oslo=CITY').length).toBeGreaterThan(32);
});

test('tags with rules are found beside those learned', async () => {
  const labels = { target_labels: ['NAME', 'CITY', 'EMAIL'] };
  const given = { encoder: encoderOf() };
  const { dir } = await runStages(newFolder(), [rows(240)], optionsFor('frozen', labels), given);
  const found = await tagsOf(dir, 'Bob takes bob@example.org to Rome');
  expect(found).toEqual(expect.arrayContaining(['bob@example.org=EMAIL', 'Rome=CITY']));
});

describe('the same bytes', () => {
  test.each(['frozen', 'full'] as const)('come of one core and of two: %s', async (training) => {
    const encoder = encoderOf();
    const bytesWith = async (cores: number) => {
      const given = { encoder, cores };
      const { dir } = await runStages(newFolder(), [rows(60)], optionsFor(training), given);
      return filesOf(join(dir, 'train'));
    };
    expect(await bytesWith(2)).toEqual(await bytesWith(1));
  });

  test('come of a training that goes on from a checkpoint', async () => {
    const given = { encoder: encoderOf(), cores: 2 };
    const path = join(root, 'checkpoint');
    let saved = 0;
    const checkpoint: StageContext['checkpoint'] = (step, parts) => {
      if (step === 9) writeParts(path, parts);
      saved = step;
      return Promise.resolve();
    };
    const checkpointRequested = true;
    const more = { ...given, checkpoint, checkpointRequested };
    const calm = await runStages(newFolder(), [rows(60)], optionsFor('full'), more);
    expect(saved).toBeGreaterThan(9);
    const resume = { step: 9, path };
    const resumed = await runStages(newFolder(), [rows(60)], optionsFor('full'), {
      ...given,
      resume,
    });
    expect(filesOf(join(resumed.dir, 'train'))).toEqual(filesOf(join(calm.dir, 'train')));
  });
});

test('a bundle states how its labels are chosen, and is refused where it says something else', async () => {
  const given = { encoder: encoderOf() };
  const { dir } = await runStages(newFolder(), [rows(60)], optionsFor('frozen'), given);
  const model = join(dir, 'train', 'model');
  const manifest = readManifest(model);
  expect(manifest).toMatchObject({
    kind: 'encoder',
    labels: ['O', 'B-NAME', 'I-NAME', 'B-CITY', 'I-CITY'],
  });
  expect(manifest.decoding.first).toEqual(['O', 'B-NAME', 'B-CITY']);
  expect(manifest.decoding.transitions[0]).toEqual([0, 0, null, 0, null]);
  const path = join(model, 'manifest.json');
  const text = readFileSync(path, 'utf8');
  rmSync(path);
  const changed = text.replace(/"probabilities": \[\n\s*0\.\d+/, '"probabilities": [\n 0.001');
  expect(changed).not.toBe(text);
  writeParts(path, [Buffer.from(changed)]);
  await expect(openTagger(model)).rejects.toMatchObject({ code: 'scores_changed' });
});
