import { join } from 'node:path';
import { writeParts } from '../../../support/largeFiles';
import { randomBelow, streamKey } from '../../../ml/random/counterRandom';
import type { Evaluation } from '../evaluate/evaluation';
import { openPredictor } from '../predict/predict';
import { filesOf, jsonOf, Pipeline, type Rows, rowsOf } from './testing/pipeline';
import type { QuantizationTrial } from './tryQuantized';
import { fineTuneText } from './trainFull';

// Threads compile their sources here, which takes seconds on a busy machine.
jest.setTimeout(120_000);

let pipeline: Pipeline;
afterEach(() => pipeline.remove());

const full = { training: 'full', max_length: 16 } as const;
const quick = { epochs: 4, batch_size: 8, learning_rate: 3e-3 };

test('an encoder fine-tuned whole knows new texts; the model measured is the one deployed', async () => {
  pipeline = new Pipeline(full, { ...quick, epochs: 8 });
  await pipeline.prepare(rowsOf(['sport', 'food', 'money'], 30));
  const train = await pipeline.run('train', { cores: 2 });
  const evaluation = jsonOf(await pipeline.run('evaluate'), 'evaluation.json') as Evaluation;
  expect(evaluation.scores.accuracy).toBeGreaterThan(0.9);
  expect(evaluation).toMatchObject({
    refitted: false,
    likely_wrong_labels: null,
    model: { encoder: { training: 'full' } },
  });
  expect(pipeline.metrics.filter((line) => line.startsWith('train_loss'))).toHaveLength(
    (jsonOf(train, 'train.json') as { epochs: { done: number } }).epochs.done,
  );
  const predictor = await openPredictor(join(train, 'model'));
  const [found] = await predictor.predict(['soup the oven the bread 3'], {
    topK: 1,
    explain: false,
  });
  expect(found!.classes[0]!.class).toBe('food');
  await predictor.close();
});

test.each(['distilbert', 'roberta', 'mpnet'] as const)(
  'an encoder of the family %s is trained, and its export computes what the trainer did',
  async (family) => {
    pipeline = new Pipeline(full, { ...quick, epochs: 8 }, family);
    await pipeline.prepare(rowsOf(['sport', 'food'], 20));
    await pipeline.run('train');
    const evaluation = jsonOf(await pipeline.run('evaluate'), 'evaluation.json') as Evaluation;
    expect(evaluation.scores.accuracy).toBeGreaterThan(0.7);
    expect(evaluation.model.encoder!.family).toBe(family);
  },
);

describe('the same bytes', () => {
  const rows: Rows = rowsOf(['sport', 'food'], 20).map(([text, label], i) => [
    i % 5 === 0 ? `${text} `.repeat(4) : text,
    label,
  ]);

  test('come of one core and of two', async () => {
    pipeline = new Pipeline(full, quick);
    await pipeline.prepare(rows);
    const one = filesOf(await pipeline.run('train', { cores: 1 }, 'one'));
    expect(filesOf(await pipeline.run('train', { cores: 2 }, 'two'))).toEqual(one);
  });

  test.each([1, 2, 3])(
    'come of a training that was killed in a step drawn with seed %d, and resumed from its checkpoint',
    async (seed) => {
      pipeline = new Pipeline(full, quick);
      await pipeline.prepare(rows);
      const calm = await pipeline.fineTune(fineTuneText, 'undisturbed');
      const undisturbed = filesOf(calm);
      const { steps } = jsonOf(calm, 'train.json') as { steps: { done: number } };
      const fatal = 2 + randomBelow(streamKey(seed), 0, steps.done - 1);
      const path = pipeline.path('checkpoint');
      let step = 0;
      const killed = pipeline.fineTune(fineTuneText, 'killed', {
        progress: ({ done, total }) => {
          if (total !== undefined && done === fatal) throw new Error('killed');
        },
        checkpoint: (number, parts) => {
          writeParts(path, parts);
          step = number;
          return Promise.resolve();
        },
      });
      await expect(killed).rejects.toThrow('killed');
      const resumed = await pipeline.fineTune(fineTuneText, 'resumed', { resume: { step, path } });
      expect(filesOf(resumed)).toEqual(undisturbed);
    },
  );
});

test('an abort ends the training between two micro-batches', async () => {
  pipeline = new Pipeline(full, quick);
  await pipeline.prepare(rowsOf(['sport', 'food'], 20));
  const abort = new AbortController();
  const steps: number[] = [];
  const training = pipeline.run('train', {
    signal: abort.signal,
    progress: ({ done, total }) => {
      if (total === undefined) return;
      steps.push(done);
      abort.abort(new Error('cancelled'));
    },
  });
  await expect(training).rejects.toThrow('cancelled');
  expect(steps).toEqual([1]);
});

test('rows with many labels get a threshold for each', async () => {
  pipeline = new Pipeline(full, { ...quick, label_delimiter: ';', epochs: 6 });
  const rows: Rows = rowsOf(['sport', 'food', 'money'], 20).map(([text, label], i) =>
    i % 3 === 0 ? [`${text} soup oven`, `${label};food`] : [text, label],
  );
  await pipeline.prepare(rows);
  await pipeline.run('train');
  const evaluation = jsonOf(await pipeline.run('evaluate'), 'evaluation.json') as Evaluation;
  expect(evaluation.scores.micro_f1).toBeGreaterThan(0.7);
});

test('int8 is judged on the validation rows', async () => {
  pipeline = new Pipeline({ ...full, quantize: true }, { ...quick, epochs: 6 });
  await pipeline.prepare(rowsOf(['sport', 'food'], 30));
  const { quantization, validation_rows, precision } = jsonOf(
    await pipeline.run('train'),
    'train.json',
  ) as { quantization: QuantizationTrial; validation_rows: number; precision: string };
  expect(quantization.texts).toBe(validation_rows);
  expect(precision).toBe(quantization.kept ? 'int8' : 'float32');
});

test('numbers that are none end the training with the step, the rate and what to try', async () => {
  pipeline = new Pipeline(full, { ...quick, learning_rate: 1e30 });
  await pipeline.prepare(rowsOf(['sport', 'food'], 20));
  await expect(pipeline.run('train')).rejects.toMatchObject({
    kind: 'config',
    code: 'training_diverged',
    message: expect.stringMatching(/In step \d+, at learning rate .*Try a learning rate of/),
  });
});

test('too little memory is told before the training starts, with the length that would do', async () => {
  pipeline = new Pipeline({ ...full, max_length: 48 }, quick);
  await pipeline.prepare(rowsOf(['sport', 'food'], 20));
  await expect(pipeline.run('train', { memoryMb: 50 })).rejects.toMatchObject({
    kind: 'limit',
    message: expect.stringContaining('batches of 8 rows of up to'),
  });
});

test('an encoder too large for a model file is told before its weights are read', async () => {
  pipeline = new Pipeline(full, quick);
  await pipeline.prepare(rowsOf(['sport', 'food'], 20));
  pipeline.claimLayers(256, 131_072);
  const refused = { kind: 'limit', code: 'model_too_large' };
  await expect(pipeline.run('train')).rejects.toMatchObject(refused);
  await expect(pipeline.embedAll(40)).rejects.toMatchObject(refused);
});

test('a few rows, none of which can be spared, are trained on without validation', async () => {
  pipeline = new Pipeline(full, { ...quick, epochs: 2, holdout: 0 });
  await pipeline.prepare([
    ['goal team', 'sport'],
    ['soup oven', 'food'],
  ]);
  const train = await pipeline.run('train');
  expect(jsonOf(train, 'train.json')).toMatchObject({ validation_rows: 0, trained_rows: 2 });
});
