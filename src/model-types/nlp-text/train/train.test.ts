import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { StageContext } from '../../../stage/stageContext';
import { createDataset } from '../../../data/dataset';
import { writeParts } from '../../../support/largeFiles';
import { readBundle } from '../bundle/bundle';
import { readFeatureSummary, readParts } from '../preprocess/features';
import { thresholdsOf } from '../bundle/bundleManifest';
import { listCell } from '../../../classification/labelCell';
import { defaultOptions, type NlpTextOptions } from '../options';
import { preprocess } from '../preprocess/preprocess';
import { openScorer } from '../predict/scorer';
import { trainText } from './train';
import { readUnseen } from './outOfFoldScores';
import { quietContext } from '../../../stage/testing/quietContext';

const options: NlpTextOptions = {
  ...defaultOptions,
  label_column: 'label',
  holdout: 0.2,
  seed: 7,
};

// Threads compile their sources here, which takes seconds on a busy machine.
jest.setTimeout(120_000);

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'train-test-'))));
afterEach(() => rmSync(root, { recursive: true }));

type Rows = [text: string, label: string][];

const words: Record<string, string[]> = {
  sport: ['goal', 'match', 'team', 'league', 'coach', 'score'],
  food: ['soup', 'bread', 'cook', 'salt', 'oven', 'taste'],
  money: ['bank', 'loan', 'rate', 'stock', 'fund', 'price'],
  travel: ['train', 'hotel', 'beach', 'ticket', 'flight', 'map'],
};
const fillers = ['the', 'a', 'very', 'old', 'new', 'again', 'today', 'with'];

/** Rows whose words mostly tell their label; the same for the same arguments. */
function makeRows(labels: string[], each: number): Rows {
  let state = 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
  return Array.from({ length: each * labels.length }, (_, i) => {
    const label = labels[i % labels.length]!;
    const other = words[labels[random(labels.length)]!]!;
    const own = words[label]!;
    const text = Array.from({ length: 8 }, () => {
      const from = [own, own, fillers, fillers, other][random(5)]!;
      return from[random(from.length)]!;
    });
    return [`${text.join(' ')} ${i}`, label];
  });
}

function contextIn(name: string, more: Partial<StageContext> = {}): StageContext {
  const inputs = join(root, name, 'inputs');
  const outputs = join(root, name, 'outputs');
  mkdirSync(inputs, { recursive: true });
  mkdirSync(outputs, { recursive: true });
  return quietContext(inputs, outputs, more);
}

function writeRows(dir: string, rows: Rows): void {
  const writer = createDataset(dir, ['text', 'label']);
  for (const row of rows) writer.append(row);
  writer.finish();
}

/** Runs `preprocess`; its outputs lie in `train/inputs/preprocess` for the trainings of this test. */
async function prepare(
  rows: Rows,
  given: Partial<NlpTextOptions> = {},
  base?: string,
): Promise<string> {
  const preprocessed = join(root, 'train', 'inputs', 'preprocess');
  rmSync(preprocessed, { recursive: true, force: true });
  mkdirSync(preprocessed, { recursive: true });
  const context = contextIn('preprocess', { outputs: preprocessed });
  writeRows(join(context.inputs, 'extract', 'train'), rows);
  if (base) cpSync(base, join(context.inputs, 'base'), { recursive: true });
  if (base) cpSync(base, join(root, 'train', 'inputs', 'base'), { recursive: true });
  await preprocess(context, { ...options, ...given });
  return preprocessed;
}

/** A training on what `prepare` left, into a folder of its own. */
function training(name: string, more: Partial<StageContext> = {}): StageContext {
  return contextIn(name, { inputs: join(root, 'train', 'inputs'), ...more });
}

/** How often the model in `dir` gives rows their labels, by label. */
async function accuracyOf(dir: string, rows: Rows): Promise<Record<string, number>> {
  const scorer = await openScorer(dir);
  const right: Record<string, number> = {};
  const all: Record<string, number> = {};
  await scorer.score(
    rows.map(([text]) => text),
    (i, scores) => {
      const label = rows[i]![1];
      const best = scorer.manifest.labels[scores.indexOf(Math.max(...scores))];
      all[label] = (all[label] ?? 0) + 1;
      right[label] = (right[label] ?? 0) + (best === label ? 1 : 0);
    },
  );
  await scorer.close();
  return Object.fromEntries(Object.entries(all).map(([label, n]) => [label, right[label]! / n]));
}

/** Every file below a folder, with its bytes. */
function filesOf(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile());
  return Object.fromEntries(
    names.map((path) => [relative(dir, path), readFileSync(path).toString('base64')]),
  );
}

test('a trained model knows texts that it has not seen, and its bundle says what it was made of', async () => {
  const rows = makeRows(['sport', 'food', 'money'], 60);
  const preprocessed = await prepare(rows);
  const context = training('one');
  await trainText(context, options, 1e6);

  const { split, dataHash } = readFeatureSummary(preprocessed);
  expect(split).toEqual({ kind: 'holdout', testRows: 36 });
  const aside = readParts(preprocessed);
  const held = rows.filter((_, i) => aside[i] === 1);
  const right = await accuracyOf(join(context.outputs, 'holdout-model'), held);
  for (const accuracy of Object.values(right)) expect(accuracy).toBeGreaterThan(0.4);
  const { manifest } = readBundle(join(context.outputs, 'model'));
  expect(manifest).toMatchObject({
    labels: ['food', 'money', 'sport'],
    data_hash: dataHash,
    seed: 7,
  });
  const unseen = readUnseen(context.outputs);
  expect([...(unseen?.rows ?? [])].sort((a, b) => a - b)).toEqual(rows.map((_, row) => row));
  const probabilities = [...(unseen?.probabilities ?? [])];
  expect(probabilities).toHaveLength(rows.length * 3);
  expect(probabilities.every((probability) => probability > 0 && probability < 1)).toBe(true);
});

test.each([
  ['two labels', ['sport', 'food'], null],
  ['three labels', ['sport', 'food', 'money'], null],
  ['a fixed number of epochs', ['sport', 'food'], 9000],
])(
  'with %s, a training that was cut off at any checkpoint ends with the same bytes, on any number of cores',
  async (_, labels, epochs) => {
    await prepare(makeRows(labels, 40));
    const given = { ...options, epochs };
    const steady = training('steady', { cores: 2 });
    await trainText(steady, given, 1e6);
    const wanted = filesOf(steady.outputs);

    // Each attempt gets two checkpoints further than the one before, then its third is refused.
    let resume: { step: number; path: string } | undefined;
    let attempts = 0;
    for (let done = false; !done;) {
      let saved = 0;
      const context = training(`attempt-${attempts++}`, {
        ...(resume && { resume }),
        checkpoint: (step, parts) => {
          if (++saved > 2) return Promise.reject(new Error('cut off'));
          resume = { step, path: join(root, `checkpoint-${step}`) };
          writeParts(resume.path, parts);
          return Promise.resolve();
        },
      });
      done = await trainText(context, given, 0).then(
        () => true,
        (error: unknown) => {
          expect(error).toEqual(new Error('cut off'));
          return false;
        },
      );
      if (done) expect(filesOf(context.outputs)).toEqual(wanted);
    }
    // Without so many epochs a fast machine may be done before the third checkpoint.
    if (epochs) expect(attempts).toBeGreaterThan(1);
  },
);

test('an abort ends a training that is on its way', async () => {
  await prepare(makeRows(['sport', 'food'], 40));
  const controller = new AbortController();
  const context = training('aborted', {
    signal: controller.signal,
    progress: () => controller.abort(new Error('enough')),
  });
  await expect(trainText(context, { ...options, epochs: 1_000_000 }, 1e6)).rejects.toThrow(
    'enough',
  );
});

test('rows with several labels give a sigmoid head whose labels stand for themselves', async () => {
  const rows = makeRows(['sport', 'food', 'money'], 50).map(([text, label], i): Rows[number] =>
    i % 2 === 0 ? [text, label] : [`${text} soup bread oven`, `${label};food`],
  );
  await prepare(rows, { label_delimiter: ';', holdout: 0 });
  const context = training('many');
  await trainText(context, { ...options, label_delimiter: ';', holdout: 0 }, 1e6);
  const scorer = await openScorer(join(context.outputs, 'model'));
  const scores: number[][] = [];
  await scorer.score(
    ['goal match team soup bread', 'stock fund loan'],
    (i, row) => (scores[i] = [...row]),
  );
  await scorer.close();
  expect(scorer.manifest.labels).toEqual(['food', 'money', 'sport']);
  const thresholds = thresholdsOf(scorer.manifest)!;
  expect(thresholds.map((threshold, label) => scores[0]![label]! >= threshold)).toEqual([
    true,
    false,
    true,
  ]);
  expect(new Set(thresholds).size).toBe(3);
  expect(scores[0]![0]).toBeGreaterThan(0.5);
  expect(scores[0]![2]).toBeGreaterThan(0.5);
  expect(scores[1]![1]).toBeGreaterThan(0.5);
  expect(scores[1]![2]).toBeLessThan(0.5);
});

test('the loss of each epoch is told in order', async () => {
  await prepare(makeRows(['sport', 'food', 'money'], 30), { holdout: 0 });
  const told: [number, number][] = [];
  const context = training('told', { metric: (_, step, value) => told.push([step, value]) });
  await trainText(context, { ...options, holdout: 0, epochs: 5 }, 1e6);
  expect(told.map(([step]) => step)).toEqual([1, 2, 3, 4, 5]);
  expect(told[4]![1]).toBeLessThan(told[0]![1]);
  const summary = JSON.parse(readFileSync(join(context.outputs, 'train.json'), 'utf8')) as {
    train_loss: number[];
  };
  expect(summary.train_loss).toEqual(told.map(([, loss]) => loss));
});

describe('a training that starts from a base model', () => {
  const seen = makeRows(['sport', 'food', 'money'], 80);
  const unseen = makeRows(['sport', 'food', 'money'], 200).slice(240);

  async function trainBase(given: Partial<NlpTextOptions> = {}, rows = seen): Promise<string> {
    await prepare(rows, given);
    const context = training('base');
    await trainText(context, { ...options, ...given }, 1e6);
    return join(context.outputs, 'model');
  }

  test('learns a new label from rows that have no other, and keeps what it knew', async () => {
    const base = await trainBase();
    const before = await accuracyOf(base, unseen);
    const fresh = makeRows(['travel'], 60);
    const preprocessed = await prepare(fresh.slice(0, 40), {}, base);
    expect(readFeatureSummary(preprocessed)).toMatchObject({
      labels: ['food', 'money', 'sport', 'travel'],
      baseRows: seen.length,
    });
    const context = training('next');
    await trainText(context, options, 1e6);
    const after = await accuracyOf(join(context.outputs, 'model'), [...unseen, ...fresh.slice(40)]);
    expect(after.travel).toBeGreaterThan(0.8);
    for (const label of ['sport', 'food', 'money']) {
      expect(after[label]).toBeGreaterThan(before[label]! - 0.05);
    }
  });

  test('gets no more labels than the base allows', async () => {
    const base = await trainBase({ n_target_classes: 3 });
    await expect(prepare(makeRows(['travel'], 20), {}, base)).rejects.toMatchObject({
      code: 'too_many_classes',
    });
  });

  test('from lists of labels takes rows of plain labels, each of which has that one', async () => {
    const lists = seen.map(([text, label]): [string, string] => [text, listCell([label])]);
    const base = await trainBase({}, lists);
    const fresh = makeRows(['travel', 'food'], 60);
    const preprocessed = await prepare(fresh.slice(0, 80), {}, base);
    expect(readFeatureSummary(preprocessed)).toMatchObject({
      head: 'sigmoid',
      labels: ['food', 'money', 'sport', 'travel'],
      labelRows: [40, 0, 0, 40],
    });
    const context = training('next');
    await trainText(context, options, 1e6);
    const after = await accuracyOf(join(context.outputs, 'model'), fresh.slice(80));
    expect(after.travel).toBeGreaterThan(0.8);
    // And further from there.
    const grown = join(context.outputs, 'model');
    await expect(prepare(makeRows(['travel'], 20), {}, grown)).resolves.toBeDefined();
  });

  test('of one label a text takes no lists of them, and says what to do', async () => {
    const base = await trainBase();
    const rows: Rows = [...makeRows(['travel'], 20), ['both', listCell(['food', 'travel'])]];
    await expect(prepare(rows, {}, base)).rejects.toMatchObject({
      code: 'base_head',
      message: expect.stringMatching(/lists of labels.*or leave base_model_id out/),
    });
  });

  test('without new knowledge keeps the margins of its base', async () => {
    const base = await trainBase();
    await prepare(seen, { holdout: 0 }, base);
    const context = training('same');
    await trainText(context, { ...options, holdout: 0 }, 1e6);
    const [before, after] = [base, join(context.outputs, 'model')].map((dir) => readBundle(dir));
    expect(after!.manifest.labels).toEqual(before!.manifest.labels);
    expect([...after!.buckets]).toEqual(expect.arrayContaining([...before!.buckets]));
    const accuracy = await accuracyOf(join(context.outputs, 'model'), unseen);
    for (const [label, old] of Object.entries(await accuracyOf(base, unseen))) {
      expect(accuracy[label]).toBeGreaterThan(old - 0.05);
    }
  });
});
