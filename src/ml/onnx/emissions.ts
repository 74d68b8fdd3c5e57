import { refusalOf, readInitializers } from './decode';
import { bytesOf, encodeGraph } from './graph';

/** What a conditional random field gives each label of a token: sums of rows of weights. */
export interface EmissionModel {
  labels: number;
  /** rows × labels, row-major. */
  weights: Float32Array;
  /** One for each label. */
  bias: Float32Array;
}

/**
 * Writes the emissions of a conditional random field as an ONNX graph.
 *
 * Input: `ids` int64 [tokens, features], row numbers of the weights; places without a feature hold the
 * number of rows (a row of zeros that is appended here). Output: `emissions` float [tokens, labels].
 */
export function exportEmissions({ labels, weights, bias }: EmissionModel): Uint8Array {
  const padded = new Float32Array(weights.length + labels);
  padded.set(weights);
  return encodeGraph({
    name: 'emissions',
    initializers: [
      {
        name: 'weights',
        dims: [padded.length / labels, labels],
        type: 'float32',
        bytes: bytesOf(padded),
      },
      { name: 'bias', dims: [labels], type: 'float32', bytes: bytesOf(bias) },
      { name: 'axes', dims: [1], type: 'int64', bytes: bytesOf(BigInt64Array.of(1n)) },
    ],
    nodes: [
      { op: 'Gather', inputs: ['weights', 'ids'], outputs: ['rows'], attributes: { axis: 0 } },
      { op: 'ReduceSum', inputs: ['rows', 'axes'], outputs: ['sums'], attributes: { keepdims: 0 } },
      { op: 'Add', inputs: ['sums', 'bias'], outputs: ['emissions'] },
    ],
    inputs: [{ name: 'ids', type: 'int64', dims: ['tokens', 'features'] }],
    outputs: [{ name: 'emissions', type: 'float32', dims: ['tokens', labels] }],
  });
}

/** Weights (without the row of zeros) and bias of a graph that `exportEmissions` wrote. */
export function importEmissions(model: Uint8Array): EmissionModel {
  const initializers = readInitializers(model);
  const weights = initializers.get('weights');
  const bias = initializers.get('bias');
  if (weights?.dims.length !== 2 || weights.dims[1] !== bias?.dims[0]) {
    throw new Error('the graph is not one of emissions');
  }
  const values = new Float32Array(new Uint8Array(weights.bytes).buffer);
  const labels = weights.dims[1]!;
  return {
    labels,
    weights: values.subarray(0, values.length - labels),
    bias: new Float32Array(new Uint8Array(bias!.bytes).buffer),
  };
}

/** A loaded graph of emissions. `run` blocks its thread while it computes. */
export interface EmissionSession {
  /** @param ids tokens × width, row-major @returns tokens × labels */
  run(ids: BigInt64Array, tokens: number, width: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** One thread and no spinning: sessions share the machine with others, and the sums are too small to split. */
export async function openEmissions(model: Uint8Array): Promise<EmissionSession> {
  const refusal = refusalOf(model);
  if (refusal !== undefined) throw new Error(`the model cannot be loaded: ${refusal}`);
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
  return {
    async run(ids, tokens, width) {
      const feeds = { ids: new Tensor('int64', ids, [tokens, width]) };
      const { emissions } = await session.run(feeds, ['emissions']);
      return emissions!.data as Float32Array;
    },
    close: () => session.release(),
  };
}
