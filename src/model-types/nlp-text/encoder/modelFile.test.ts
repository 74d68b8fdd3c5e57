import type { EncoderConfig } from '../../../ml/transformers/encoderConfig';
import { parameterShapes } from '../../../ml/transformers/parameterNames';
import { tinyConfig } from '../../../ml/transformers/testing/tinyEncoder';
import { classifierGraph } from './classifierGraph';
import {
  classifierBytes,
  graphBytes,
  requireClassifierFile,
  requireEmbeddingGraph,
} from '../../../encoder-learning/modelFile';
import { withHalfWeights } from '../../../encoder-learning/quantization/packedGraph';

const xlmLarge: EncoderConfig = {
  ...tinyConfig(),
  family: 'roberta',
  vocabulary: 250_002,
  maxPositions: 514,
  hidden: 1024,
  layers: 24,
  heads: 16,
  intermediate: 4096,
};

test('what a model file will take is known before there is one', () => {
  const config = { ...tinyConfig(), hidden: 64, intermediate: 128 };
  const weights = new Map(
    [...parameterShapes(config)].map(
      ([name, shape]) => [name, new Float32Array(shape.reduce((a, b) => a * b, 1))] as const,
    ),
  );
  const [classes, width] = [5, config.hidden];
  const head = {
    ...{ kind: 'softmax' as const, classes, width },
    weights: new Float32Array(classes * width),
    bias: new Float32Array(classes),
  };
  const graph = classifierGraph({ config, weights, normalize: true, head });
  const { full, halved } = classifierBytes(config, classes);
  for (const [known, real] of [
    [full, graphBytes(graph)],
    [halved, graphBytes(withHalfWeights(graph))],
  ] as const) {
    expect(Math.abs(known - real)).toBeLessThan(0.1 * real);
  }
});

test('an encoder whose weights at full precision are no file gives no embeddings, but can be trained whole', () => {
  expect(() => requireEmbeddingGraph(xlmLarge)).toThrow(
    'at full precision as embeddings need it, takes 2.2 GB, a model file can have 2.1 GB',
  );
  expect(() => requireClassifierFile(xlmLarge, 100)).not.toThrow();
});

test('one that is too large at half precision cannot', () => {
  const larger = { ...xlmLarge, layers: 36, hidden: 2560, heads: 32, intermediate: 10240 };
  expect(() => requireClassifierFile(larger, 2)).toThrow(
    expect.objectContaining({ kind: 'limit', code: 'model_too_large' }),
  );
  expect(() => requireClassifierFile(tinyConfig(), 2)).not.toThrow();
});
