import { openGraph } from '../onnx/graphSession';
import { compile } from './compile';
import { gradients } from './gradients';
import { constant, input, integers, type Tensor } from './tensor';

/** Values spread over ±1.3, none near 0, where relu and sign have corners. */
function values(size: number, phase: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => {
    const v = Math.sin(1.7 * i + 2.3 * phase + 0.4);
    return v + 0.3 * Math.sign(v);
  });
}

const sizeOf = (shape: number[]): number => shape.reduce((a, b) => a * b, 1);

interface Case {
  shapes: number[][];
  build: (...x: Tensor[]) => Tensor;
  /** Keeps the values where the operator is defined. */
  positive?: boolean;
}

const cases: Record<string, Case> = {
  add: { shapes: [[2, 3], [3]], build: (a, b) => a.add(b) },
  'add with sizes of 1 inside': {
    shapes: [
      [2, 1, 3],
      [4, 1],
    ],
    build: (a, b) => a.add(b),
  },
  sub: { shapes: [[2, 3], []], build: (a, b) => a.sub(b) },
  mul: { shapes: [[3], [2, 3]], build: (a, b) => a.mul(b) },
  'mul with itself': { shapes: [[5]], build: (a) => a.mul(a).mul(a) },
  div: {
    shapes: [
      [2, 3],
      [2, 1],
    ],
    build: (a, b) => a.div(b),
  },
  neg: { shapes: [[4]], build: (a) => a.neg() },
  exp: { shapes: [[4]], build: (a) => a.exp() },
  log: { shapes: [[4]], build: (a) => a.log(), positive: true },
  sqrt: { shapes: [[4]], build: (a) => a.sqrt(), positive: true },
  tanh: { shapes: [[5]], build: (a) => a.tanh() },
  erf: { shapes: [[5]], build: (a) => a.erf() },
  sigmoid: { shapes: [[5]], build: (a) => a.sigmoid() },
  softplus: { shapes: [[5]], build: (a) => a.mul(4).softplus() },
  relu: { shapes: [[6]], build: (a) => a.relu() },
  gelu: { shapes: [[9]], build: (a) => a.mul(3).gelu() },
  geluTanh: { shapes: [[9]], build: (a) => a.mul(3).geluTanh() },
  matmul: {
    shapes: [
      [3, 4],
      [4, 2],
    ],
    build: (a, b) => a.matmul(b),
  },
  'matmul, both transposed': {
    shapes: [
      [4, 3],
      [2, 4],
    ],
    build: (a, b) => a.matmul(b, { transA: true, transB: true }),
  },
  'matmul of batches': {
    shapes: [
      [2, 3, 3, 4],
      [2, 3, 4, 2],
    ],
    build: (a, b) => a.matmul(b),
  },
  'matmul of batches, transposed': {
    shapes: [
      [2, 4, 3],
      [2, 2, 4],
    ],
    build: (a, b) => a.matmul(b, { transA: true, transB: true }),
  },
  'matmul of a batch and a matrix': {
    shapes: [
      [2, 3, 4],
      [4, 5],
    ],
    build: (a, b) => a.matmul(b),
  },
  linear: { shapes: [[2, 3, 4], [5, 4], [5]], build: (x, w, b) => x.linear(w, b) },
  softmax: { shapes: [[2, 5]], build: (a) => a.softmax() },
  logSoftmax: { shapes: [[2, 5]], build: (a) => a.logSoftmax() },
  softmaxMatmul: {
    shapes: [
      [2, 3, 4],
      [2, 4, 5],
    ],
    build: (a, b) => a.softmaxMatmul(b),
  },
  layerNorm: {
    shapes: [[2, 2, 6], [6], [6]],
    build: (x, scale, shift) => x.layerNorm(scale, shift, 1e-5),
  },
  sum: { shapes: [[2, 3, 4]], build: (a) => a.sum([0, -1]) },
  'sum of all': { shapes: [[2, 3]], build: (a) => a.sum() },
  sumTo: { shapes: [[2, 3, 4]], build: (a) => a.sumTo([3, 4]).add(a.sumTo([1, 4])) },
  expand: { shapes: [[2, 1]], build: (a) => a.expand([3, 2, 4]) },
  reshape: { shapes: [[2, 6]], build: (a) => a.reshape([3, 4]) },
  transpose: { shapes: [[2, 3, 4]], build: (a) => a.transpose([2, 0, 1]) },
  slice: { shapes: [[3, 5]], build: (a) => a.slice(1, 1, 4) },
  pad: { shapes: [[2, 3]], build: (a) => a.pad(0, 1, 2) },
  gather: { shapes: [[4, 3]], build: (a) => a.gather(integers([2, 0, 2, 3], [2, 2])) },
  'cast and equal': {
    shapes: [[4]],
    build: (a) => a.mul(integers([1, 2, 1, 3]).equal(1).cast('float32')),
  },
};

/**
 * The loss weighs the output's elements differently, so that no error hides in a sum; its derivative
 * along a direction is compared with a central difference, for each operand.
 */
async function check({ shapes, build, positive = false }: Case): Promise<void> {
  const leaves = shapes.map((shape, i) => input(`x${i}`, shape));
  const y = build(...leaves);
  const shape = y.shape as number[];
  const loss = y
    .mul(constant(values(sizeOf(shape), 7), shape))
    .sum()
    .reshape([]);
  const names = leaves.map((_, i) => `d${i}`);
  const outputs = gradients(loss, leaves).map((d, i) => [names[i]!, d] as const);
  const graph = compile('check', { loss, ...Object.fromEntries(outputs) });
  const session = await openGraph(graph, { threads: 1 });
  const points = shapes.map((s, i) =>
    values(sizeOf(s), i).map((v) => (positive ? Math.abs(v) : v)),
  );
  const feedsOf = (all: Float32Array[]): Record<string, Float32Array> =>
    Object.fromEntries(graph.inputs.map(({ name }) => [name, all[Number(name.slice(1))]!]));
  const lossAt = async (all: Float32Array[]): Promise<number> => {
    const into = { loss: new Float32Array(1) };
    await session.run(feedsOf(all), into);
    return into.loss[0]!;
  };
  const found = shapes.map((s) => new Float32Array(sizeOf(s)));
  await session.run(feedsOf(points), Object.fromEntries(names.map((n, i) => [n, found[i]!])));
  for (const [i, point] of points.entries()) {
    const direction = values(point.length, 3 + i);
    const moved = (step: number): Float32Array[] =>
      points.map((p, j) => (j === i ? p.map((v, k) => v + step * direction[k]!) : p));
    const step = 1e-2;
    const difference = ((await lossAt(moved(step))) - (await lossAt(moved(-step)))) / (2 * step);
    const product = found[i]!.reduce((sum, d, k) => sum + d * direction[k]!, 0);
    expect(Math.abs(product - difference)).toBeLessThan(2e-3 * Math.max(1, Math.abs(difference)));
  }
  await session.close();
}

describe('the derivative of each operator is what finite differences give', () => {
  it.each(Object.keys(cases))('%s', (name) => check(cases[name]!));
});
