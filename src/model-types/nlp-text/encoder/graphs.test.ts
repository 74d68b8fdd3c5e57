import { encodeGraph, type OnnxGraph } from '../../../ml/onnx/graph';
import { randomAt } from '../../../ml/random/counterRandom';
import { tinyConfig } from '../../../ml/transformers/testing/tinyEncoder';
import { parameterShapes } from '../../../ml/transformers/parameterNames';
import { classifierGraph } from './classifierGraph';
import { withHalfWeights } from '../../../encoder-learning/quantization/packedGraph';
import { quantized } from '../../../encoder-learning/quantization/quantizedGraph';
import { openTokenSession, runTokens } from '../../../encoder-learning/tokenScorer';
import { WindowMeans } from '../../../encoder-learning/windowMeans';

const config = tinyConfig();
const values = (length: number, key: number, scale: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => scale * (randomAt(key, i) / 2147483648 - 1));

function buildGraph(): OnnxGraph {
  const shapes = [...parameterShapes(config)];
  const weights = new Map(
    shapes.map(([name, shape], i) => {
      const all = values(
        shape.reduce((a, b) => a * b, 1),
        i,
        0.3,
      );
      return [name, /LayerNorm.weight$/.test(name) ? all.fill(1) : all] as const;
    }),
  );
  const head = {
    kind: 'softmax' as const,
    classes: 3,
    width: config.hidden,
    weights: values(3 * config.hidden, 99, 1),
    bias: new Float32Array(3),
  };
  return classifierGraph({ config, weights, normalize: true, head });
}

const rows = [3, 9, 30].map((length, r) =>
  Int32Array.from({ length }, (_, i) => 2 + ((i * 7 + r * 13) % (config.vocabulary - 2))),
);

async function logitsOf(graph: OnnxGraph, alone: boolean): Promise<Float32Array[]> {
  const session = await openTokenSession(encodeGraph(graph), 1);
  const logits: Float32Array[] = [];
  const options = { padTokenId: config.padTokenId, alone };
  await runTokens(session, rows, options, (row, own) => (logits[row] = own.slice()));
  await session.close();
  return logits;
}

function largestDifference(a: Float32Array[], b: Float32Array[]): number {
  return Math.max(...a.flatMap((own, i) => [...own].map((x, c) => Math.abs(x - b[i]![c]!))));
}

const sizeOf = (graph: OnnxGraph): number => encodeGraph(graph).length;

test('half-precision weights take about half of the file and change logits a little', async () => {
  const graph = buildGraph();
  const half = withHalfWeights(graph);
  expect(sizeOf(half)).toBeLessThan(0.65 * sizeOf(graph));
  const difference = largestDifference(await logitsOf(graph, false), await logitsOf(half, false));
  expect(difference).toBeGreaterThan(0);
  expect(difference).toBeLessThan(0.01);
});

test('int8 weights take less still and change logits somewhat', async () => {
  const graph = buildGraph();
  const small = withHalfWeights(quantized(graph));
  expect(sizeOf(small)).toBeLessThan(sizeOf(withHalfWeights(graph)));
  const difference = largestDifference(await logitsOf(graph, true), await logitsOf(small, true));
  expect(difference).toBeGreaterThan(0);
  expect(difference).toBeLessThan(0.2);
});

test('int8 keeps the largest weight of each output, and one without weights', () => {
  const graph = buildGraph();
  const [weight] = graph.initializers.filter(({ dims }) => dims.join() === '32,64');
  new Float32Array(weight!.bytes.buffer, weight!.bytes.byteOffset, 32 * 64).forEach((_, i, all) => {
    all[i] = i % 64 === 0 ? 0 : i < 64 ? 2 : 1;
  });
  const { initializers } = quantized(graph);
  const find = (name: string) => initializers.find((each) => each.name === name)!;
  const whole = new Int8Array(find(`${weight!.name} (int8)`).bytes);
  const scales = new Float32Array(find(`${weight!.name} scales`).bytes.slice().buffer);
  expect([...whole.subarray(0, 3)]).toEqual([0, 63, 63]);
  expect(scales[0]).toBe(0);
  expect(scales[1]! * 63).toBeCloseTo(2);
});

test('a text of several windows has the mean of their logits, weighted by tokens', () => {
  const logits = new WindowMeans(2, 1);
  logits.add(0, 30, Float32Array.of(1));
  logits.add(0, 10, Float32Array.of(5));
  logits.add(1, 4, Float32Array.of(7));
  expect([...logits.of(0), ...logits.of(1)]).toEqual([2, 7]);
});
