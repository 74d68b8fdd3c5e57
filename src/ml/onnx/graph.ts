import { modelMessage } from './protobuf';

/** ONNX's numbers for the element types that we use. */
export const elementType = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
} as const;
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

/** A bare number is an int: ONNX tells 1 from 1.0, JavaScript does not, so floats are marked. */
export type Attribute = number | { float: number } | number[] | string;

export interface GraphNode {
  op: string;
  /** The set of operators that `op` belongs to; ONNX's own when left out. */
  domain?: Domain;
  /** An empty name leaves an optional input out. */
  inputs: string[];
  outputs: string[];
  attributes?: Record<string, Attribute>;
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

/** Operators that ONNX Runtime adds to ONNX's, and the version of their set. */
const domains = { 'com.microsoft': 1 } as const;
export type Domain = keyof typeof domains;

/** A whole ONNX model as bytes; the same graph always gives the same bytes. */
export function encodeGraph(graph: OnnxGraph): Uint8Array {
  const used = new Set(graph.nodes.map(({ domain }) => domain));
  const message = modelMessage.create({
    irVersion,
    producerName: 'trainyard',
    opsetImport: [
      { domain: '', version: opset },
      ...Object.entries(domains)
        .filter(([domain]) => used.has(domain as Domain))
        .map(([domain, version]) => ({ domain, version })),
    ],
    graph: {
      name: graph.name,
      node: graph.nodes.map(({ op, domain, inputs, outputs, attributes = {} }) => ({
        opType: op,
        ...(domain && { domain }),
        input: inputs,
        output: outputs,
        attribute: Object.entries(attributes).map(([name, value]) => ({
          name,
          ...describeAttribute(value),
        })),
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

/** The value under its field, with ONNX's number for its kind (FLOAT 1, INT 2, STRING 3, INTS 7). */
function describeAttribute(value: Attribute): object {
  if (typeof value === 'number') return { i: value, type: 2 };
  if (typeof value === 'string') return { s: new TextEncoder().encode(value), type: 3 };
  return Array.isArray(value) ? { ints: value, type: 7 } : { f: value.float, type: 1 };
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
