import { join } from 'node:path';
import type { Evaluation } from '../evaluate/evaluation';
import { listCell } from '../../../classification/labelCell';
import { openPredictor } from '../predict/predict';
import type { EncoderManifest } from './encoderManifest';
import { jsonOf, Pipeline, type Rows, rowsOf } from './testing/pipeline';

let pipeline: Pipeline;
afterEach(() => pipeline.remove());

/** Embeds, trains and evaluates. */
async function trainOn(rows: number): Promise<{
  model: string;
  manifest: EncoderManifest;
  evaluation: Evaluation;
}> {
  await pipeline.embedAll(rows);
  const model = join(await pipeline.run('train'), 'model');
  const manifest = jsonOf(model, 'manifest.json') as EncoderManifest;
  const evaluation = jsonOf(await pipeline.run('evaluate'), 'evaluation.json') as Evaluation;
  return { model, manifest, evaluation };
}

/** The labels that each text is predicted to have. */
async function predicted(model: string, texts: string[]): Promise<string[][]> {
  const predictor = await openPredictor(model);
  const all = await predictor.predict(texts, { topK: 9, explain: false });
  await predictor.close();
  return all.map(({ classes }) => classes.filter((own) => own.predicted).map((own) => own.class));
}

/** Rows of one label, of two, and of none; one name holds what could be taken for a delimiter. */
const lists = rowsOf(['sport', 'food', 'money'], 30).map(([text, label], i) => {
  const name = label === 'money' ? 'money; taxes' : label;
  if (i % 10 === 9) return { text: `the ${i}`, labels: [] };
  return i % 4 === 0 && name !== 'food'
    ? { text: `${text} soup oven`, labels: [name, 'food'] }
    : { text, labels: [name] };
});

describe('lists of labels, trained with an encoder', () => {
  const expectLearnt = async (): Promise<void> => {
    const { model, manifest, evaluation } = await trainOn(lists.length);
    expect(manifest.head).toBe('sigmoid');
    expect(manifest.labels.toSorted()).toEqual(['food', 'money; taxes', 'sport']);
    expect(manifest.thresholds).toHaveLength(3);
    expect(evaluation.scores.micro_f1).toBeGreaterThan(0.8);
    expect(evaluation.precision_at!.map(({ k }) => k)).toEqual([1, 3]);
    const found = await predicted(
      model,
      lists.map(({ text }) => text),
    );
    const right = lists.filter(
      ({ labels }, i) => labels.toSorted().join() === found[i]!.toSorted().join(),
    );
    expect(right.length).toBeGreaterThan(0.8 * lists.length);
    expect(new Set(right.map(({ labels }) => labels.length))).toEqual(new Set([0, 1, 2]));
  };

  test('are what a JSON Lines file says, without a delimiter', async () => {
    pipeline = new Pipeline({}, { label_column: 'labels' });
    const lines = lists.map((row) => JSON.stringify(row));
    await pipeline.extract([['train.jsonl', lines.join('\n')]]);
    await expectLearnt();
  });

  test('are not cut by the delimiter that other cells have', async () => {
    pipeline = new Pipeline({}, { label_delimiter: ';' });
    const rows = lists.map(({ text, labels }, i): Rows[number] => {
      const cut = i % 2 === 0 && labels.every((label) => !label.includes(';'));
      return [text, cut ? labels.join(';') : listCell(labels)];
    });
    await pipeline.prepare(rows);
    await expectLearnt();
  });
});

test('documents, each in the folder of its class, are trained with an encoder', async () => {
  pipeline = new Pipeline({}, { doc_classification: true });
  const rows = rowsOf(['sport', 'food'], 20);
  await pipeline.extract(
    rows.map(([text, label], i) => [`all/${label}/${i}.txt`, `${text}\n\n${text}.`]),
  );
  const { manifest, evaluation } = await trainOn(rows.length);
  expect(manifest.model_type.name).toBe('nlp-doc');
  expect(manifest).toMatchObject({ kind: 'encoder', head: 'softmax', labels: ['food', 'sport'] });
  expect(evaluation.model.encoder).toMatchObject({ name: 'tiny', training: 'frozen' });
  expect(evaluation.scores.accuracy).toBeGreaterThan(0.9);
}, 60_000);
