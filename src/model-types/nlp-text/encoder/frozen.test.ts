import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evaluation } from '../evaluate/evaluation';
import { openPredictor } from '../predict/predict';
import { openScorer } from '../predict/scorer';
import type { EncoderManifest } from './encoderManifest';
import { filesOf, jsonOf, Pipeline, type Rows, rowsOf } from './testing/pipeline';
import type { QuantizationTrial } from './tryQuantized';

// Trainings take longer than jest's five seconds on a busy machine.
jest.setTimeout(60_000);

let pipeline: Pipeline;
afterEach(() => pipeline.remove());

/** Embeds, trains and evaluates. */
async function trainOn(rows: Rows): Promise<{ train: string; evaluation: Evaluation }> {
  await pipeline.prepare(rows);
  await pipeline.embedAll(rows.length);
  const train = await pipeline.run('train');
  const evaluation = jsonOf(await pipeline.run('evaluate'), 'evaluation.json') as Evaluation;
  return { train, evaluation };
}

test('a frozen encoder with a head knows new texts, and is measured, served and explained', async () => {
  pipeline = new Pipeline();
  const { train, evaluation } = await trainOn(rowsOf(['sport', 'food', 'money'], 40));
  expect(evaluation.refitted).toBe(true);
  expect(evaluation.scores.accuracy).toBeGreaterThan(0.9);
  expect(evaluation.model).toMatchObject({
    features: null,
    precision: 'float32',
    encoder: { name: 'tiny', training: 'frozen', family: 'bert' },
  });
  expect(evaluation.likely_wrong_labels).toMatchObject({ checked: 120 });
  const predictor = await openPredictor(join(train, 'model'));
  const [found] = await predictor.predict(['soup the oven the bread 3'], {
    topK: 1,
    explain: true,
  });
  expect(found!.classes[0]!.class).toBe('food');
  const { explanation } = found!.classes[0]!;
  const words = [...explanation!.for, ...explanation!.against].map(({ feature }) => feature);
  expect(words.sort()).toEqual(['3', 'bread', 'oven', 'soup', 'the']);
  await predictor.close();
});

test('the embedding of a text is the same in any shard, beside any texts, on any number of cores', async () => {
  pipeline = new Pipeline();
  const rows = rowsOf(['sport', 'food'], 20);
  rows[7] = ['soup '.repeat(100), 'food'];
  await pipeline.prepare(rows);
  const embeddingsOf = async (from: number, to: number, cores: number): Promise<Buffer> => {
    const folder = pipeline.path('shard');
    await pipeline.embed({ from, to }, folder, { cores });
    return readFileSync(join(folder, 'embeddings.f32'));
  };
  const all = await embeddingsOf(0, 40, 1);
  expect(await embeddingsOf(0, 40, 2)).toEqual(all);
  const bytes = all.length / 40;
  for (const [from, to] of [
    [7, 8],
    [5, 17],
    [39, 40],
  ] as const) {
    const part = all.subarray(from * bytes, to * bytes);
    expect(await embeddingsOf(from, to, 2)).toEqual(part);
  }
});

test('a training gives the same bytes on one core and on two', async () => {
  pipeline = new Pipeline();
  const rows = rowsOf(['sport', 'food', 'money'], 20);
  await pipeline.prepare(rows);
  await pipeline.embedAll(rows.length);
  const one = filesOf(await pipeline.run('train', { cores: 1 }, 'one'));
  expect(filesOf(await pipeline.run('train', { cores: 2 }, 'two'))).toEqual(one);
});

const longRows: Rows = rowsOf(['sport', 'food'], 20).map(([text, label], i) => [
  i === 0 ? 'goal '.repeat(100) : i === 1 ? '' : i === 2 ? '\u4E16\u754C' : text,
  label,
]);

test.each([
  ['window', { cut: 0, windowed: 1 }],
  ['truncate', { cut: 1, windowed: 0 }],
] as const)(
  'long texts with "%s", empty ones and unknown ones are counted',
  async (way, wanted) => {
    pipeline = new Pipeline({ long_texts: way });
    const { train } = await trainOn(longRows);
    const { texts } = jsonOf(train, 'train.json') as { texts: object };
    expect(texts).toEqual({ texts: 40, empty: 1, unknown: 1, ...wanted });
    const codes = pipeline.warnings.map(({ code }) => code);
    expect(codes.includes('texts_cut')).toBe(way === 'truncate');
    expect(codes).toContain('texts_without_tokens');
    expect(codes).toContain('texts_of_unknown_tokens');
  },
);

test('a served model reads all windows of a text, as the training did', async () => {
  pipeline = new Pipeline();
  const { train } = await trainOn(longRows);
  const scorer = await openScorer(join(train, 'model'));
  const texts = [
    'goal match team '.repeat(20),
    'goal',
    `${'goal '.repeat(60)}${'soup '.repeat(90)}`,
  ];
  const scores: Float32Array[] = [];
  await scorer.score(texts, (i, found) => (scores[i] = found));
  expect(scores[2]![0]).not.toBeCloseTo(scores[0]![0]!, 3);
  for (const [i, text] of texts.entries()) {
    await scorer.score([text], (_, alone) =>
      alone.forEach((score, c) => expect(score).toBeCloseTo(scores[i]![c]!, 5)),
    );
  }
  await scorer.close();
});

test('rows with many labels get thresholds, which measuring uses', async () => {
  pipeline = new Pipeline({}, { label_delimiter: ';' });
  const rows: Rows = rowsOf(['sport', 'food', 'money'], 30).map(([text, label], i) =>
    i % 3 === 0 ? [`${text} soup oven`, `${label};food`] : [text, label],
  );
  const { train, evaluation } = await trainOn(rows);
  const { thresholds } = jsonOf(join(train, 'model'), 'manifest.json') as EncoderManifest;
  expect(thresholds).toHaveLength(3);
  expect(evaluation.scores.micro_f1).toBeGreaterThan(0.8);
  expect(evaluation.precision_at!.map(({ k }) => k)).toEqual([1, 3]);
  const predictor = await openPredictor(join(train, 'model'));
  const [found] = await predictor.predict([rows[0]![0]], { topK: 3, explain: false });
  const { labels } = jsonOf(join(train, 'model'), 'manifest.json') as EncoderManifest;
  for (const { class: label, score, predicted } of found!.classes) {
    expect(predicted).toBe(score >= thresholds![labels.indexOf(label)]!);
  }
  await predictor.close();
});

test('int8 is kept where it costs next to nothing, and says so', async () => {
  pipeline = new Pipeline({ quantize: true });
  const { train, evaluation } = await trainOn(rowsOf(['sport', 'food', 'money'], 40));
  const { quantization } = jsonOf(train, 'train.json') as { quantization: QuantizationTrial };
  expect(quantization).toMatchObject({ kept: true, measure: 'accuracy', allowed_drop: 0.005 });
  expect(evaluation.model.precision).toBe('int8');
  expect(evaluation.scores.accuracy).toBeGreaterThan(0.9);
});

test('a bundle whose graph is not the one described is refused', async () => {
  pipeline = new Pipeline();
  const { train } = await trainOn(rowsOf(['sport', 'food'], 10));
  const file = join(train, 'model', 'tokenizer.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('soup', 'soap'));
  await expect(openScorer(join(train, 'model'))).rejects.toMatchObject({ code: 'bundle_damaged' });
});

test('a base model and an encoder do not go together', async () => {
  pipeline = new Pipeline();
  const rows = rowsOf(['sport', 'food'], 10);
  const { train } = await trainOn(rows);
  cpSync(join(train, 'model'), pipeline.path('base'), { recursive: true });
  await expect(pipeline.run('preprocess')).rejects.toMatchObject({ code: 'encoder_with_base' });
  await expect(pipeline.run('train')).rejects.toMatchObject({ code: 'encoder_with_base' });
  const fast = new Pipeline({}, { encoder: null });
  cpSync(pipeline.path('base'), fast.path('base'), { recursive: true });
  await expect(fast.prepare(rows)).rejects.toMatchObject({
    code: 'base_model_kind',
    message: expect.stringMatching(/^not available: .*"tiny"/),
  });
  fast.remove();
});

test('a length beyond what the encoder sees is refused with the limit', async () => {
  pipeline = new Pipeline({ max_length: 65 });
  await pipeline.prepare(rowsOf(['sport', 'food'], 10));
  await expect(pipeline.embedAll(20)).rejects.toThrow(
    'model_options.max_length is 65, and this encoder sees 64 tokens at most',
  );
});

test('too little memory is told before anything is computed', async () => {
  pipeline = new Pipeline();
  await pipeline.prepare(rowsOf(['sport', 'food'], 10));
  await expect(pipeline.embedAll(20, { memoryMb: 100 })).rejects.toMatchObject({
    kind: 'limit',
    message: expect.stringMatching(/takes about \d+ MB of memory and .*allocation_memory is 100/),
  });
});
