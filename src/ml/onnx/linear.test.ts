import type { LinearModel } from '../linear/linearModel';
import { refusalOf } from './decode';
import { fromHalf, toHalf } from './float16';
import { exportedBytes, exportLinear, importLinear } from './linear';
import { modelMessage } from './protobuf';
import { openSession } from './session';

function buildModel(head: LinearModel['head'], rows = 50, labels = 3): LinearModel {
  return {
    head,
    labels: Array.from({ length: labels }, (_, i) => `label ${i}`),
    buckets: Uint32Array.from({ length: rows }, (_, i) => i * 7),
    scales: new Float32Array(rows).fill(1),
    weights: Float32Array.from({ length: rows * labels }, (_, i) => 3 * Math.sin(i + 1)),
    bias: Float32Array.from({ length: labels }, (_, i) => i / 10),
  };
}

/** The head's definition in double precision. */
function expected({ head, weights, bias }: LinearModel, ids: number[], values: number[]): number[] {
  const logits = [...bias].map((b, c) =>
    ids.reduce((sum, id, i) => sum + weights[id * bias.length + c]! * values[i]!, b),
  );
  if (head === 'sigmoid') return logits.map((z) => 1 / (1 + Math.exp(-z)));
  const total = logits.reduce((sum, z) => sum + Math.exp(z), 0);
  return logits.map((z) => Math.exp(z) / total);
}

async function run(
  model: Uint8Array,
  texts: { ids: number[]; values: number[] }[],
  padding: number,
): Promise<number[][]> {
  const length = Math.max(1, ...texts.map(({ ids }) => ids.length));
  const ids = new BigInt64Array(texts.length * length).fill(BigInt(padding));
  const values = new Float32Array(texts.length * length);
  texts.forEach((text, row) => {
    text.ids.forEach((id, i) => (ids[row * length + i] = BigInt(id)));
    values.set(text.values, row * length);
  });
  const session = await openSession(model);
  const out = await session.run('probabilities', ids, values, texts.length, length);
  await session.close();
  const labels = out.length / texts.length;
  return texts.map((_, row) => [...out.subarray(row * labels, (row + 1) * labels)]);
}

const texts = [
  { ids: [0, 49, 7, 12], values: [0.5, 0.25, 1, -0.5] },
  { ids: [3], values: [2] },
  { ids: [], values: [] },
];

describe('exportLinear', () => {
  it.each(['softmax', 'sigmoid'] as const)(
    'gives a graph whose %s probabilities are the definition',
    async (head) => {
      const model = buildModel(head);
      const found = await run(exportLinear(model), texts, 50);
      texts.forEach(({ ids, values }, row) => {
        expected(model, ids, values).forEach((p, c) => expect(found[row]![c]).toBeCloseTo(p, 6));
      });
    },
  );

  it('scores half-precision weights as their rounded values', async () => {
    const model = buildModel('softmax');
    const rounded = { ...model, weights: model.weights.map((w) => fromHalf(toHalf(w))) };
    const found = await run(exportLinear(model, 'float16'), texts, 50);
    expected(rounded, texts[0]!.ids, texts[0]!.values).forEach((p, c) =>
      expect(found[0]![c]).toBeCloseTo(p, 6),
    );
  });

  it('writes the same bytes for the same model', () => {
    expect(exportLinear(buildModel('softmax'))).toEqual(exportLinear(buildModel('softmax')));
  });

  it('never gets larger than foreseen', () => {
    for (const precision of ['float32', 'float16'] as const) {
      const bytes = exportLinear(buildModel('softmax', 2000, 11), precision).length;
      expect(bytes).toBeLessThanOrEqual(exportedBytes(2000, 11, precision));
    }
  });

  it('can be read back', () => {
    const model = buildModel('softmax');
    const { weights, bias } = importLinear(exportLinear(model));
    expect(weights).toEqual(model.weights);
    expect(bias).toEqual(model.bias);
  });

  it('takes a model without a single feature', async () => {
    const found = await run(exportLinear(buildModel('softmax', 0)), [{ ids: [], values: [] }], 0);
    expect(found[0]!.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  });
});

describe('openSession', () => {
  it('refuses bytes that are no model', async () => {
    await expect(openSession(new Uint8Array([1, 2, 3]))).rejects.toThrow('not an ONNX model');
  });

  it('refuses weights that lie in other files, wherever the tensor stands', async () => {
    const external = {
      name: 'w',
      dims: [1],
      dataType: 1,
      externalData: [{ key: 'location', value: '../secret' }],
    };
    const inNode = {
      opType: 'Constant',
      output: ['w'],
      attribute: [{ name: 'value', t: external, type: 4 }],
    };
    const branch = {
      opType: 'If',
      attribute: [{ name: 'then_branch', g: { node: [inNode] }, type: 5 }],
    };
    for (const graph of [{ initializer: [external] }, { node: [inNode] }, { node: [branch] }]) {
      const bytes = modelMessage.encode(modelMessage.fromObject({ irVersion: 8, graph })).finish();
      expect(refusalOf(bytes)).toContain('external data');
      await expect(openSession(bytes)).rejects.toThrow('external data');
    }
  });
});
