import type { LinearModel } from '../linear/linearModel';
import { readInitializers } from './decode';
import { fromHalves, toHalf } from './float16';
import { bytesOf, encodeGraph, type Initializer } from './graph';
import { classifierOutputs, probabilityNode } from './probabilities';

/** How the weights are stored. Half precision costs about three decimal digits and halves the file. */
export type WeightPrecision = 'float32' | 'float16';

const bytesPerWeight = { float32: 4, float16: 2 } as const;
/** Everything in the file that is not a weight: far above what bias, names and nodes take. */
const overhead = 64 * 1024;

/** About how large the exported model will be, in bytes; never too low. */
export function exportedBytes(rows: number, labels: number, precision: WeightPrecision): number {
  return (rows + 1) * labels * bytesPerWeight[precision] + labels * 4 + overhead;
}

/**
 * Writes a linear model as an ONNX graph.
 *
 * Inputs: `ids` int64 [N, L], row numbers of the weights, padded with `rows` (a row of zeros that is
 * appended here), and `values` float [N, L]. Outputs: `probabilities` and `logits`, float [N, labels].
 *
 * The weighted sum of rows is a [1, L] × [L, labels] matrix product for each text: it measured twice
 * as fast as Mul and ReduceSum, which write the weighted rows to memory first. With half precision
 * only the gathered rows are widened.
 */
export function exportLinear(
  model: LinearModel,
  precision: WeightPrecision = 'float32',
): Uint8Array {
  const labels = model.labels.length;
  const rows = model.buckets.length;
  const half = precision === 'float16';
  return encodeGraph({
    name: 'linear',
    initializers: [
      {
        name: 'weights',
        dims: [rows + 1, labels],
        type: precision,
        bytes: padWeights(model.weights, labels, half),
      },
      { name: 'bias', dims: [labels], type: 'float32', bytes: bytesOf(model.bias) },
      { name: 'axis', dims: [1], type: 'int64', bytes: bytesOf(BigInt64Array.of(1n)) },
    ],
    nodes: [
      {
        op: 'Gather',
        inputs: ['weights', 'ids'],
        outputs: [half ? 'packed' : 'rows'],
        attributes: { axis: 0 },
      },
      ...(half
        ? [{ op: 'Cast', inputs: ['packed'], outputs: ['rows'], attributes: { to: 1 } }]
        : []),
      { op: 'Unsqueeze', inputs: ['values', 'axis'], outputs: ['row'] },
      { op: 'MatMul', inputs: ['row', 'rows'], outputs: ['sums'] },
      { op: 'Squeeze', inputs: ['sums', 'axis'], outputs: ['sum'] },
      { op: 'Add', inputs: ['sum', 'bias'], outputs: ['logits'] },
      probabilityNode(model.head),
    ],
    inputs: [
      { name: 'ids', type: 'int64', dims: ['N', 'L'] },
      { name: 'values', type: 'float32', dims: ['N', 'L'] },
    ],
    outputs: classifierOutputs(labels),
  });
}

function padWeights(weights: Float32Array, labels: number, half: boolean): Uint8Array {
  if (half) {
    const padded = new Uint16Array(weights.length + labels);
    for (let i = 0; i < weights.length; i++) padded[i] = toHalf(weights[i]!);
    return bytesOf(padded);
  }
  const padded = new Float32Array(weights.length + labels);
  padded.set(weights);
  return bytesOf(padded);
}

/** Weights (without the row of zeros) and bias of a model that `exportLinear` wrote, as float32. */
export function importLinear(model: Uint8Array): Pick<LinearModel, 'weights' | 'bias'> {
  const initializers = readInitializers(model);
  const weights = initializers.get('weights');
  const bias = initializers.get('bias');
  if (weights?.dims.length !== 2 || bias?.dims.length !== 1 || weights.dims[1] !== bias.dims[0]) {
    throw new Error('the graph is not a linear model of ours');
  }
  const values = floats(weights);
  return { weights: values.subarray(0, values.length - weights.dims[1]!), bias: floats(bias) };
}

/** A copy: raw data inside a protobuf need not be aligned. */
function floats({ type, bytes, dims }: Initializer): Float32Array {
  const copy = new Uint8Array(bytes).buffer;
  const values = type === 'float16' ? fromHalves(new Uint16Array(copy)) : new Float32Array(copy);
  if (values.length !== dims.reduce((a, b) => a * b, 1))
    throw new Error('a tensor has not the size it states');
  return values;
}
