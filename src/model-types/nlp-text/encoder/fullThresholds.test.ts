import { join } from 'node:path';
import { openDataset } from '../../../data/datasetReader';
import { heldOut } from '../../../ml/heads/heldOut';
import { chooseThresholds } from '../../../ml/heads/thresholds';
import { randomAt, streamKey } from '../../../ml/random/counterRandom';
import { openScorer } from '../predict/scorer';
import { loadRows } from '../train/trainRows';
import type { EncoderManifest } from './encoderManifest';
import type { FullTraining } from './encoderTraining';
import { splitValidation } from './validationSplit';
import { chooseRows, rowsToLearn } from './rowsToLearn';
import { jsonOf, Pipeline, type Rows, rowsOf } from './testing/pipeline';

// Threads compile their sources here, which takes seconds on a busy machine.
jest.setTimeout(120_000);

let pipeline: Pipeline;
afterEach(() => pipeline.remove());

const names = ['sport', 'food', 'money'];

/** Rows of which a third has a label that its words do not tell: what is seen can be learnt by heart. */
const rows: Rows = rowsOf(names, 50).map(([text, label], i) => {
  const other = names[randomAt(streamKey(5), i) % 9];
  return [`${text} ${i}`, other === undefined ? label : `${label};${other}`];
});

/** The thresholds that make macro-F1 highest on some rows, by what the bundle says of them. */
async function bestOn(chosen: Int32Array): Promise<Float32Array> {
  const { labels } = chooseRows(loadRows(pipeline.path('preprocess')), chosen);
  const { truth, classes } = heldOut(labels, [...chosen.keys()]);
  const probabilities = new Float32Array(truth.length);
  const train = openDataset(pipeline.path('extract', 'train'));
  const texts = Array.from(chosen, (row) => train.get('text', row));
  train.close();
  const scorer = await openScorer(pipeline.path('train', 'model'));
  await scorer.score(texts, (text, found) => probabilities.set(found, text * classes));
  await scorer.close();
  return chooseThresholds(probabilities, truth as Uint8Array, classes, 'macro-f1');
}

test('after full training the thresholds are those that validation rows give, not those of rows learnt from', async () => {
  pipeline = new Pipeline(
    { training: 'full', max_length: 16 },
    { epochs: 8, batch_size: 8, learning_rate: 3e-3, label_delimiter: ';', holdout: 0.2 },
  );
  await pipeline.prepare(rows);
  const train = await pipeline.run('train');
  const { thresholds, labels } = jsonOf(join(train, 'model'), 'manifest.json') as EncoderManifest;
  expect(labels.toSorted()).toEqual(names.toSorted());
  expect(thresholds).toHaveLength(names.length);

  const loaded = loadRows(pipeline.path('preprocess'));
  const split = splitValidation(loaded, rowsToLearn(loaded, 'train part'));
  const { validation_rows } = jsonOf(train, 'train.json') as FullTraining;
  expect(split.validation).toHaveLength(validation_rows);
  const wanted = await bestOn(split.validation);
  thresholds!.forEach((found, c) => expect(found).toBeCloseTo(wanted[c]!, 3));

  const wrong = await bestOn(split.train);
  thresholds!.forEach((found, c) => expect(Math.abs(found - wrong[c]!)).toBeGreaterThan(0.01));
});
