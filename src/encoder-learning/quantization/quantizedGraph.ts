import {
  bytesOf,
  elementType,
  type GraphNode,
  type Initializer,
  type OnnxGraph,
} from '../../ml/onnx/graph';
import { float32Of } from './packedGraph';

/**
 * Weights are whole numbers from −this to this: with more, sums of two products overflow 16 bits on
 * processors without VNNI instructions, and a model would answer otherwise there.
 */
const largest = 63;

/**
 * The same graph with the weights of its products as int8, one scale for each output (column), and
 * activations rounded to uint8 while it runs ("dynamic quantization"). ONNX Runtime fuses the operators
 * that this makes of a MatMul into one.
 */
export function quantized(graph: OnnxGraph): OnnxGraph {
  const weights = new Map<string, Initializer>();
  for (const constant of graph.initializers) {
    if (constant.type === 'float32' && constant.dims.length === 2) {
      weights.set(constant.name, constant);
    }
  }
  const nodes: GraphNode[] = [];
  const constants = new Map(graph.initializers.map((each) => [each.name, each]));
  const rounded = new Set<string>();
  for (const node of graph.nodes) {
    const [input, name] = node.inputs as [string, string];
    const weight = node.op === 'MatMul' && !node.domain ? weights.get(name) : undefined;
    if (!weight) {
      nodes.push(node);
      continue;
    }
    if (!rounded.has(input)) {
      nodes.push({ op: 'DynamicQuantizeLinear', inputs: [input], outputs: roundedNames(input) });
      rounded.add(input);
    }
    constants.delete(name);
    const { whole, scales } = wholeNumbers(weight);
    constants.set(whole.name, whole).set(scales.name, scales);
    nodes.push(...product(node.outputs[0]!, roundedNames(input), whole.name, scales.name));
  }
  return { ...graph, nodes, initializers: [...constants.values()] };
}

const roundedNames = (input: string): [string, string, string] => [
  `${input} rounded`,
  `${input} scale`,
  `${input} zero`,
];

function product(
  output: string,
  [values, scale, zero]: [string, string, string],
  weight: string,
  scales: string,
): GraphNode[] {
  const [sums, wide, both] = [`${output} sums`, `${output} wide`, `${output} scales`];
  return [
    { op: 'MatMulInteger', inputs: [values, weight, zero], outputs: [sums] },
    { op: 'Cast', inputs: [sums], outputs: [wide], attributes: { to: elementType.float32 } },
    { op: 'Mul', inputs: [scale, scales], outputs: [both] },
    { op: 'Mul', inputs: [wide, both], outputs: [output] },
  ];
}

/** A weight [in, out] as whole numbers and what each column is to be multiplied with. */
function wholeNumbers({ name, dims, bytes }: Initializer): {
  whole: Initializer;
  scales: Initializer;
} {
  const [rows, columns] = dims as [number, number];
  const values = float32Of(bytes);
  const scales = new Float32Array(columns);
  for (let i = 0; i < values.length; i++) {
    const column = i % columns;
    scales[column] = Math.max(scales[column]!, Math.abs(values[i]!) / largest);
  }
  const whole = new Int8Array(rows * columns);
  for (let i = 0; i < values.length; i++) {
    const scale = scales[i % columns]!;
    whole[i] = scale === 0 ? 0 : Math.round(values[i]! / scale);
  }
  return {
    whole: { name: `${name} (int8)`, dims, type: 'int8', bytes: bytesOf(whole) },
    scales: { name: `${name} scales`, dims: [columns], type: 'float32', bytes: bytesOf(scales) },
  };
}
