import { modelMessage } from './protobuf';

/** ONNX's numbers for the element types that we use. */
export const elementType = { float32: 1, int64: 7, float16: 10 } as const;
export type ElementType = keyof typeof elementType;

/** A constant of the graph; its bytes are little-endian, as ONNX wants raw data. */
export interface Initializer {
  name: string;
  dims: number[];
  type: ElementType;
  bytes: Uint8Array;
}

/** An input or output; a named dimension (`N`) may have any size. */
export interface Port {
  name: string;
  type: ElementType;
  dims: (number | string)[];
}

export interface GraphNode {
  op: string;
  inputs: string[];
  outputs: string[];
  /** Whole-number attributes: all that our graphs need. */
  attributes?: Record<string, number>;
}

export interface OnnxGraph {
  name: string;
  nodes: GraphNode[];
  initializers: Initializer[];
  inputs: Port[];
  outputs: Port[];
}

/** Opset 17 and IR version 8 belong together; every ONNX Runtime since 1.12 runs them. */
export const opset = 17;
const irVersion = 8;
const intAttribute = 2;

/** A whole ONNX model as bytes; the same graph always gives the same bytes. */
export function encodeGraph(graph: OnnxGraph): Uint8Array {
  const message = modelMessage.create({
    irVersion,
    producerName: 'trainyard',
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: graph.name,
      node: graph.nodes.map(({ op, inputs, outputs, attributes = {} }) => ({
        opType: op,
        input: inputs,
        output: outputs,
        attribute: Object.entries(attributes).map(([name, i]) => ({ name, i, type: intAttribute })),
      })),
      initializer: graph.initializers.map(({ name, dims, type, bytes }) => ({
        name,
        dims,
        dataType: elementType[type],
        rawData: bytes,
      })),
      input: graph.inputs.map(describePort),
      output: graph.outputs.map(describePort),
    },
  });
  return modelMessage.encode(message).finish();
}

function describePort({ name, type, dims }: Port): object {
  const dim = dims.map((size) =>
    typeof size === 'string' ? { dimParam: size } : { dimValue: size },
  );
  return { name, type: { tensorType: { elemType: elementType[type], shape: { dim } } } };
}

/** The raw bytes of a typed array, without a copy. */
export function bytesOf(array: NodeJS.TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
