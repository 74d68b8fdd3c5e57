import { bytesOf, elementType, type Initializer, type OnnxGraph } from '../../ml/onnx/graph';
import { toHalves } from '../../ml/onnx/float16';

/** Smaller constants are left as they are: there is nothing to gain. */
const leastElements = 1024;

/** What so many numbers of a constant take in `withHalfWeights`, in bytes. */
export const halvedBytes = (elements: number): number =>
  elements >= leastElements ? 2 * elements : 4 * elements;

/**
 * The same graph with its large constants stored at half precision; a runtime widens them when it loads
 * the graph, so that it computes as fast as before and needs the same memory.
 */
export function withHalfWeights(graph: OnnxGraph): OnnxGraph {
  const isLarge = ({ type, bytes }: Initializer): boolean =>
    type === 'float32' && bytes.byteLength >= 4 * leastElements;
  const large = graph.initializers.filter(isLarge);
  return {
    ...graph,
    nodes: [
      ...large.map(({ name }) => ({
        op: 'Cast',
        inputs: [halfName(name)],
        outputs: [name],
        attributes: { to: elementType.float32 },
      })),
      ...graph.nodes,
    ],
    initializers: graph.initializers.map((constant) =>
      isLarge(constant) ? halved(constant) : constant,
    ),
  };
}

function halved({ name, dims, bytes }: Initializer): Initializer {
  const halves = toHalves(float32Of(bytes));
  return { name: halfName(name), dims, type: 'float16', bytes: bytesOf(halves) };
}

const halfName = (name: string): string => `${name} (half)`;

/** The numbers of a float32 constant, without a copy where they lie aligned. */
export function float32Of(bytes: Uint8Array): Float32Array {
  if (bytes.byteOffset % 4 === 0) {
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  }
  return new Float32Array(bytes.slice().buffer);
}
