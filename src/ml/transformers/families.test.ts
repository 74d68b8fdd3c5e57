import { compile } from '../autodiff/compile';
import { gradients } from '../autodiff/gradients';
import { constant, input, integers, type Tensor } from '../autodiff/tensor';
import type { OnnxGraph } from '../onnx/graph';
import { openGraph } from '../onnx/graphSession';
import { type EncoderConfig, encoderFamilies, type EncoderFamily } from './encoderConfig';
import { encoderStates, pooledStates } from './encoderGraph';
import { embeddingNames, parameterShapes } from './parameterNames';
import { distanceBuckets } from './relativePositions';
import { embeddingGraph } from './servingGraph';
import golden from './testing/families.json';
import { maskOf, positionRows, servingFeeds, type TokenBatch, tokenBatch } from './tokenBatch';

/** The encoders of testing/families.py, which says how their weights are made. */
const settings: Record<EncoderFamily, Partial<EncoderConfig>> = {
  bert: { activation: 'gelu_new', typeVocabulary: 2 },
  distilbert: {},
  roberta: { maxPositions: 20, typeVocabulary: 1, layerNormEps: 1e-5, padTokenId: 1 },
  mpnet: { maxPositions: 20, layerNormEps: 1e-5, padTokenId: 1, relativeAttentionBuckets: 32 },
};

function configOf(family: EncoderFamily): EncoderConfig {
  return {
    family,
    vocabulary: 13,
    hidden: 8,
    layers: 2,
    heads: 2,
    intermediate: 12,
    maxPositions: 18,
    typeVocabulary: 0,
    layerNormEps: 1e-12,
    activation: 'gelu',
    padTokenId: 0,
    relativeAttentionBuckets: 0,
    pooling: 'mean',
    ...settings[family],
  };
}

function weightsOf(config: EncoderConfig): Map<string, Float32Array> {
  const shapes = [...parameterShapes(config)].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    shapes.map(([name, shape], p) => {
      const centre = /(LayerNorm|layer_norm)\.weight$/.test(name) ? 1 : 0;
      const length = shape.reduce((a, b) => a * b, 1);
      const values = Float32Array.from({ length }, (_, i) => centre + 0.3 * Math.sin(0.7 * i + p));
      return [name, values];
    }),
  );
}

/** The texts of the golden values; the second is padded. */
function batchOf(config: EncoderConfig): TokenBatch {
  const [long, short] = golden[config.family].input_ids as [number[], number[]];
  return tokenBatch([long, short.slice(0, 4)], long.length, config);
}

/** The graph of the norm of each parameter's gradient; tables are gathered in it. */
function normsGraph(config: EncoderConfig): OnnxGraph {
  const batch = batchOf(config);
  const { rows, length } = batch;
  const leaves = new Map(
    [...parameterShapes(config)].map(([name, shape]) => [name, input(name, shape)]),
  );
  const parameters = (name: string): Tensor => leaves.get(name)!;
  const gathered = (name: string, numbers: Int32Array): Tensor =>
    parameters(name).gather(integers([...numbers], [rows, length]));
  const words = gathered(embeddingNames.words, batch.ids);
  const both = words.add(gathered(embeddingNames.positions, positionRows(config, batch)));
  const types = new Int32Array(rows * length);
  const embeddings = leaves.has(embeddingNames.types)
    ? both.add(gathered(embeddingNames.types, types))
    : both;
  const mask = constant(maskOf(batch), [rows, length]);
  const states = encoderStates(config, { embeddings, mask, parameters });
  const waves = Float32Array.from({ length: rows * config.hidden }, (_, i) => Math.sin(i));
  const pooled = pooledStates(config, states, mask);
  const loss = pooled.mul(constant(waves, [rows, config.hidden])).sum();
  const names = [...leaves.keys()];
  const norms = gradients(loss, [...leaves.values()]).map((d, i) => {
    const norm = d.mul(d).sum().sqrt().reshape([]);
    return [`norm ${names[i]!}`, norm] as const;
  });
  return compile('norms', Object.fromEntries(norms));
}

describe.each(encoderFamilies)('%s', (family) => {
  const config = configOf(family);
  const weights = weightsOf(config);

  it('gives the states that transformers gives', async () => {
    const batch = batchOf(config);
    const session = await openGraph(embeddingGraph(config, weights, false), { threads: 1 });
    const embeddings = new Float32Array(batch.rows * config.hidden);
    await session.run(servingFeeds(batch), { embeddings }, { N: batch.rows, L: batch.length });
    await session.close();
    golden[family].pooled.forEach((value, i) => expect(embeddings[i]).toBeCloseTo(value, 5));
  });

  it('has the gradients that PyTorch gives', async () => {
    const session = await openGraph(normsGraph(config), { threads: 1 });
    const wanted = Object.entries(golden[family].gradient_norms);
    const into = Object.fromEntries(wanted.map(([name]) => [`norm ${name}`, new Float32Array(1)]));
    await session.run(Object.fromEntries(weights), into);
    await session.close();
    const far = wanted.filter(([name, norm]) => {
      const found = into[`norm ${name}`]![0]!;
      return Math.abs(found - norm) > 1e-4 * norm + 1e-6;
    });
    expect(far).toEqual([]);
  });
});

// MPNetEncoder.relative_position_bucket(torch.tensor(…)), with its 32 buckets
it('distances fall into the buckets of MPNet', () => {
  const buckets = distanceBuckets(514, 32);
  const bucketsOf = [
    [-513, 15],
    [-128, 15],
    [-91, 15],
    [-64, 14],
    [-63, 13],
    [-16, 10],
    [-15, 9],
    [-8, 8],
    [-7, 7],
    [-1, 1],
    [0, 0],
    [1, 17],
    [7, 23],
    [8, 24],
    [15, 25],
    [16, 26],
    [32, 28],
    [63, 29],
    [64, 30],
    [100, 31],
    [128, 31],
    [513, 31],
  ] as const;
  for (const [distance, bucket] of bucketsOf) expect(buckets[distance + 513]).toBe(bucket);
});
