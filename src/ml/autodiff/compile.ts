import { type GraphNode, type Initializer, type OnnxGraph, opset, type Port } from '../onnx/graph';
import type { Constant } from './operation';
import { fixed } from './shape';
import type { Tensor } from './tensor';
import { ancestors } from './traversal';

/**
 * The opset in which each operator got the form that we write. `compile` lets no other operator pass,
 * and none that is newer than the opset our models state.
 */
const since: Record<string, number> = {
  Add: 14,
  Cast: 13,
  CumSum: 14,
  Div: 14,
  Equal: 13,
  Erf: 13,
  Exp: 13,
  Expand: 13,
  Gather: 13,
  Gemm: 13,
  Identity: 16,
  LayerNormalization: 17,
  Log: 13,
  LogSoftmax: 13,
  MatMul: 13,
  Mul: 14,
  Neg: 13,
  Pad: 13,
  Range: 11,
  ReduceSum: 13,
  Relu: 14,
  Reshape: 14,
  Shape: 15,
  Sigmoid: 13,
  Sign: 13,
  Slice: 13,
  Softmax: 13,
  Softplus: 1,
  Sqrt: 13,
  Sub: 14,
  Tanh: 13,
  Transpose: 13,
  'com.microsoft.FusedMatMul': 1,
};

/**
 * The graph that computes these outputs, and nothing else. Inputs are those that the outputs depend
 * on; names and order depend only on how the tensors were built, so the same building gives the same
 * bytes.
 */
export function compile(name: string, outputs: Record<string, Tensor>): OnnxGraph {
  const names = new Map<Tensor, string>();
  const nodes: GraphNode[] = [];
  const inputs: Port[] = [];
  const constants = new Constants();
  const wanted = outputNames(outputs);
  const order = ancestors(Object.values(outputs));
  const used = new Set(order);
  for (const tensor of order) {
    const { source } = tensor;
    if (source.kind === 'input') {
      if (inputs.some((port) => port.name === source.name))
        throw new Error(`two inputs of the graph are called "${source.name}"`);
      inputs.push(portOf(source.name, tensor));
      names.set(tensor, source.name);
    } else if (source.kind === 'constant') {
      names.set(tensor, constants.add(tensor, source));
    } else if (!names.has(tensor)) {
      const { op, domain, attributes, outputs: results } = source;
      requireKnown(op, domain);
      results.forEach((each, slot) => {
        const fallback = `${op}_${nodes.length}${slot > 0 ? `_${slot}` : ''}`;
        names.set(each, slot === 0 || used.has(each) ? (wanted.get(each) ?? fallback) : '');
      });
      nodes.push({
        op,
        ...(domain && { domain }),
        inputs: source.inputs.map((each) => names.get(each)!),
        outputs: withoutTail(results.map((each) => names.get(each)!)),
        ...(attributes && { attributes }),
      });
    }
  }
  for (const [output, tensor] of Object.entries(outputs))
    if (names.get(tensor) !== output)
      nodes.push({ op: 'Identity', inputs: [names.get(tensor)!], outputs: [output] });
  return {
    name,
    nodes,
    inputs,
    initializers: constants.initializers,
    outputs: Object.entries(outputs).map(([output, tensor]) => portOf(output, tensor)),
  };
}

/** Outputs after the first are optional; those that nothing uses are left out. */
function withoutTail(names: string[]): string[] {
  return names.slice(0, names.findLastIndex((name) => name !== '') + 1);
}

/** The name that a computed tensor gets as an output; a second name for it needs an Identity. */
function outputNames(outputs: Record<string, Tensor>): Map<Tensor, string> {
  const names = new Map<Tensor, string>();
  for (const [name, tensor] of Object.entries(outputs))
    if (!names.has(tensor)) names.set(tensor, name);
  return names;
}

function requireKnown(op: string, domain: string | undefined): void {
  const version = since[domain === undefined ? op : `${domain}.${op}`];
  if (version === undefined || version > opset)
    throw new Error(`${op} is not among the operators of opset ${opset} that compile knows`);
}

const portOf = (name: string, { type, shape }: Tensor): Port => ({ name, type, dims: [...shape] });

/** The constants of one graph; equal ones without a name are kept once. */
class Constants {
  readonly initializers: Initializer[] = [];
  readonly #known = new Map<string, string>();

  add({ type, shape }: Tensor, { name, bytes }: Constant): string {
    const dims = fixed('constant', shape);
    const key = name ?? `${type} ${dims.join()} ${Buffer.from(bytes).toString('latin1')}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const given = name ?? `constant_${this.#known.size}`;
    this.#known.set(key, given);
    this.initializers.push({ name: given, type, dims, bytes });
    return given;
  }
}
