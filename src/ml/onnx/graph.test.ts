import { createHash } from 'node:crypto';
import { refusalOf } from './decode';
import { encodeGraph, type GraphNode, type OnnxGraph } from './graph';
import { exportLinear } from './linear';
import { modelMessage } from './protobuf';

function graphOf(...nodes: GraphNode[]): OnnxGraph {
  return { name: 'g', nodes, initializers: [], inputs: [], outputs: [] };
}

interface Decoded {
  opsetImport: object[];
  graph: { node: { attribute: object[] }[] };
}

function decoded(graph: OnnxGraph): Decoded {
  const message = modelMessage.decode(encodeGraph(graph));
  return modelMessage.toObject(message, { longs: Number }) as unknown as Decoded;
}

describe('encodeGraph', () => {
  it('keeps a whole float a float, and writes the field of each kind of attribute', () => {
    const attributes = { alpha: { float: 1 }, axis: -1, perm: [0, 2, 1], mode: 'linear' };
    const { graph } = decoded(graphOf({ op: 'X', inputs: [], outputs: ['y'], attributes }));
    expect(graph.node[0]!.attribute).toMatchObject([
      { name: 'alpha', f: 1, type: 1 },
      { name: 'axis', i: -1, type: 2 },
      { name: 'perm', ints: [0, 2, 1], type: 7 },
      { name: 'mode', type: 3 },
    ]);
  });

  it('states only the sets of operators that the graph uses', () => {
    const plain: GraphNode = { op: 'Relu', inputs: ['x'], outputs: ['y'] };
    const added: GraphNode = { ...plain, op: 'FusedMatMul', domain: 'com.microsoft' };
    expect(decoded(graphOf(plain)).opsetImport).toEqual([{ version: 17 }]);
    expect(decoded(graphOf(plain, added)).opsetImport).toEqual([
      { version: 17 },
      { domain: 'com.microsoft', version: 1 },
    ]);
    expect(refusalOf(encodeGraph(graphOf(plain, added)))).toBeUndefined();
  });

  it('writes linear models as it always did, byte for byte', () => {
    const bytes = exportLinear({
      head: 'softmax',
      labels: ['a', 'b'],
      buckets: Uint32Array.of(1, 2, 3),
      scales: Float32Array.of(1, 1, 1),
      weights: Float32Array.of(1, 2, 3, 4, 5, 6),
      bias: Float32Array.of(0.5, -0.5),
    });
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '32b6f81ab1916bc95364f8ebf863f89ba31e2974c9c7ecb98eda2dbe46f32dfe',
    );
  });
});
