import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEncoder } from '../../../encoders/encoderFolder';
import type { HeadLabels } from '../../../ml/heads/labels';
import type { Evaluation } from '../evaluate/evaluation';
import { buildReport } from '../report/build';
import { renderReportHtml } from '../report/html/page';
import { buildParts } from '../report/testing/parts';
import type { EncoderChoice } from '../../../encoder-learning/encoderChoice';
import type { EncoderManifest } from './encoderManifest';
import type { FrozenTraining, FullTraining } from './encoderTraining';
import { writeOutlierEncoder } from './testing/outlierEncoder';
import { jsonOf, Pipeline, rowsOf, words } from './testing/pipeline';
import { tryQuantized } from './tryQuantized';

// Threads compile their sources here, which takes seconds on a busy machine.
jest.setTimeout(120_000);

let pipeline: Pipeline;
afterEach(() => pipeline.remove());

const choice: EncoderChoice = {
  name: 'tiny',
  hash: 'e'.repeat(64),
  training: 'frozen',
  max_length: 16,
  long_texts: 'window',
  quantize: true,
};

/** What `train.json`, the bundle and the page say after a training. */
async function outcome(): Promise<{
  training: FrozenTraining | FullTraining;
  manifest: EncoderManifest;
  page: string;
}> {
  const train = pipeline.path('train');
  const training = jsonOf(train, 'train.json') as FrozenTraining | FullTraining;
  const evaluation = jsonOf(await pipeline.run('evaluate'), 'evaluation.json') as Evaluation;
  expect(evaluation.model.precision).toBe(training.precision);
  return {
    training,
    manifest: jsonOf(join(train, 'model'), 'manifest.json') as EncoderManifest,
    page: renderReportHtml(buildReport({ ...buildParts('plain', evaluation), training })),
  };
}

test.each([
  ['accuracy', null],
  ['micro-F1', ';'],
])(
  'int8 that costs too much %s is not kept: the model has full precision, and the report both scores',
  async (measure, label_delimiter) => {
    pipeline = new Pipeline({ quantize: true }, { label_delimiter });
    writeOutlierEncoder(pipeline.path('encoder'), { words: Object.values(words).flat() });
    await pipeline.prepare(rowsOf(['sport', 'food', 'money'], 40));
    await pipeline.embedAll(120);
    await pipeline.run('train');
    const { training, manifest, page } = await outcome();
    expect(training.quantization).toMatchObject({ kept: false, measure });
    const { full_precision, int8, allowed_drop, texts } = training.quantization!;
    expect(texts).toBeGreaterThan(20);
    expect(int8).toBeLessThan(full_precision - allowed_drop);
    expect(manifest.precision).toBe('float32');
    expect(page).toContain(`not kept, as it cost too much: ${measure}`);
  },
);

test('int8 is not kept where there were no texts to judge it by, however good it may be', async () => {
  pipeline = new Pipeline(
    { training: 'full', max_length: 16, quantize: true },
    { epochs: 2, batch_size: 8, learning_rate: 3e-3, holdout: 0 },
  );
  await pipeline.prepare([
    ['goal team', 'sport'],
    ['soup oven', 'food'],
  ]);
  await pipeline.run('train');
  const { training, manifest, page } = await outcome();
  expect(training.quantization).toMatchObject({ kept: false, texts: 0 });
  expect(manifest.precision).toBe('float32');
  expect(page).toContain('not kept: there were no validation texts to judge it by');
});

test.each(['softmax', 'sigmoid'] as const)(
  'a trial of int8 without texts keeps nothing (%s)',
  async (kind) => {
    pipeline = new Pipeline();
    const encoder = loadEncoder(pipeline.path('encoder'));
    const width = encoder.config.hidden;
    const head = {
      kind,
      classes: 2,
      width,
      weights: new Float32Array(2 * width).fill(0.1),
      bias: new Float32Array(2),
    };
    const none: HeadLabels =
      kind === 'softmax'
        ? { kind, classes: 2, classOf: new Int32Array(0) }
        : { kind, classes: 2, offsets: new Int32Array(1), labels: new Int32Array(0) };
    const trial = await tryQuantized(
      { ...encoder, head },
      choice,
      readFileSync(pipeline.path('encoder', 'tokenizer.json')),
      { texts: [], labels: none },
      () => Promise.resolve(),
    );
    expect(trial).toMatchObject({ kept: false, texts: 0, full_precision: 0, int8: 0 });
  },
);
