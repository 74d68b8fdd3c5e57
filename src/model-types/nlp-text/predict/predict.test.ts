import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LinearModel } from '../../../ml/linear/linearModel';
import { Featurizer } from '../../../ml/text/featurizer';
import { defaultFeaturizer } from '../../../ml/text/featurizerSpec';
import { Vectorizer } from '../../../ml/text/vectorizer';
import { writeBundle } from '../bundle/bundle';
import { openPredictor } from './predict';
import type { TextPredictor } from './predictor';
import { topClasses } from '../../../classification/topClasses';

const training = [
  { text: 'a wonderful film, brilliant and moving', label: 0 },
  { text: 'a terrible film, dull and boring', label: 1 },
];

/** Each n-gram of a training text speaks for its label, with a strength that depends on its bucket. */
function buildModel(labels = ['good', 'bad', 'neither']): LinearModel {
  const featurizer = new Featurizer(defaultFeaturizer);
  const owners = new Map<number, number>();
  for (const { text, label } of training) {
    const { buckets, size } = featurizer.count(text);
    for (const bucket of buckets.subarray(0, size))
      owners.set(bucket, owners.has(bucket) ? 2 : label);
  }
  const buckets = Uint32Array.from(owners.keys()).sort();
  const weights = new Float32Array(buckets.length * labels.length);
  buckets.forEach((bucket, row) => {
    weights[row * labels.length + owners.get(bucket)!] = 1 + (bucket % 5);
  });
  return {
    head: 'softmax',
    labels,
    buckets,
    scales: new Float32Array(buckets.length).fill(1),
    weights,
    bias: Float32Array.from(labels, (_, i) => (i === 2 ? -0.5 : 0)),
  };
}

let dir: string;
let predictor: TextPredictor;
const model = buildModel();
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'predict-'));
  await writeBundle(dir, model, defaultFeaturizer, {
    modelType: 'nlp-text',
    nTargetClasses: null,
    seed: 1,
    dataHash: '0'.repeat(64),
  });
  predictor = await openPredictor(dir);
});
afterAll(async () => {
  await predictor.close();
  rmSync(dir, { recursive: true });
});

const all = { topK: 3, explain: false };

describe('predict', () => {
  it('answers many texts in the order that they were given, whatever their lengths', async () => {
    const texts = [training[1]!.text, 'film', training[0]!.text.repeat(40), training[0]!.text, ''];
    const together = await predictor.predict(texts, all);
    for (const [i, text] of texts.entries()) {
      const [alone] = await predictor.predict([text], all);
      expect(together[i]!.classes.map((c) => c.class)).toEqual(alone!.classes.map((c) => c.class));
      alone!.classes.forEach((c, k) =>
        expect(together[i]!.classes[k]!.score).toBeCloseTo(c.score, 5),
      );
    }
    expect(together[0]!.classes[0]!.class).toBe('bad');
    expect(together[3]!.classes[0]!.class).toBe('good');
  });

  it('gives probabilities that add up to 1, best first', async () => {
    const [{ classes } = { classes: [] }] = await predictor.predict([training[0]!.text], all);
    const scores = classes.map(({ score }) => score);
    expect(scores.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
  });

  it.each([
    [0, 1],
    [2, 2],
    [99, 3],
  ])('with top_k %d gives %d classes', async (topK, expected) => {
    const [prediction] = await predictor.predict(['film'], { topK, explain: false });
    expect(prediction!.classes).toHaveLength(expected);
  });

  it('answers no texts with nothing', async () => {
    expect(await predictor.predict([], all)).toEqual([]);
  });
});

it('a call ends with the reason of its signal, before the next text is explained', async () => {
  const gone = new AbortController();
  const texts = Array.from({ length: 500 }, (_, i) => `a film ${i}`);
  const call = predictor.predict(texts, { topK: 3, explain: true, signal: gone.signal });
  gone.abort(new Error('gone'));
  await expect(call).rejects.toThrow('gone');
});

describe('explain', () => {
  it('lists the words and pieces of words that spoke for a class, strongest first', async () => {
    const [prediction] = await predictor.predict(['a brilliant film'], { topK: 1, explain: true });
    const { explanation } = prediction!.classes[0]!;
    expect(explanation!.for).toHaveLength(10);
    expect(explanation!.against).toEqual([]);
    const weights = explanation!.for.map(({ weight }) => weight);
    expect([...weights].sort((a, b) => b - a)).toEqual(weights);
    for (const { feature } of explanation!.for) {
      expect('brilliant and moving').toContain(feature.replaceAll('…', ''));
    }
  });

  it('shows which part of a word a piece is, and adds up to the logit less its bias', async () => {
    const [prediction] = await predictor.predict(['a'], { topK: 1, explain: true });
    const { rows, values } = new Vectorizer(defaultFeaturizer, model).vectorize('a');
    const [found] = prediction!.classes;
    expect(found!.class).toBe('neither');
    expect(found!.explanation!.for.map(({ feature }) => feature).sort()).toEqual(['a', 'a…', '…a']);
    const logit = rows.reduce((sum, row, i) => sum + model.weights[row * 3 + 2]! * values[i]!, 0);
    const listed = found!.explanation!.for.reduce((sum, { weight }) => sum + weight, 0);
    expect(listed).toBeCloseTo(logit, 5);
  });
});

describe('topClasses', () => {
  it('is the start of a full stable sort', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 120 }), (values, count) => {
        const sorted = values.map((_, i) => i).sort((a, b) => values[b]! - values[a]! || a - b);
        expect(topClasses(values, count)).toEqual(sorted.slice(0, count));
      }),
    );
  });
});
