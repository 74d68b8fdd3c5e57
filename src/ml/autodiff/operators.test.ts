import * as arrangement from './operators/arrangement';
import * as elementwise from './operators/elementwise';
import * as gelu from './operators/gelu';
import * as layerNorm from './operators/layerNorm';
import * as products from './operators/products';
import * as reductions from './operators/reductions';
import * as selection from './operators/selection';
import * as softmax from './operators/softmax';
import { checkDerivative, type Case } from './testing/finiteDifferences';
import { input, integers, Tensor } from './tensor';

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
  'matmul, the first transposed': {
    shapes: [
      [4, 3],
      [4, 2],
    ],
    build: (a, b) => a.matmul(b, { transA: true }),
  },
  'matmul, the second transposed': {
    shapes: [
      [3, 4],
      [2, 4],
    ],
    build: (a, b) => a.matmul(b, { transB: true }),
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
  'matmul of batches, the first transposed': {
    shapes: [
      [2, 4, 3],
      [2, 4, 2],
    ],
    build: (a, b) => a.matmul(b, { transA: true }),
  },
  'matmul of batches, the second transposed': {
    shapes: [
      [2, 3, 4],
      [2, 2, 4],
    ],
    build: (a, b) => a.matmul(b, { transB: true }),
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

describe('the derivative of each operator is what finite differences give', () => {
  it.each(Object.keys(cases))('%s', (name) => checkDerivative(cases[name]!));
});

/** What makes tensors that a gradient does not pass through. */
const withoutGradient = [
  'integer',
  'constant',
  'filled',
  'equal',
  'cast',
  'range',
  'cumulativeSum',
];
/** What operators are built with. */
const foundation = ['constructor', 'apply'];

type Method = Exclude<keyof Tensor, 'type' | 'shape' | 'source'>;

describe('each method of a tensor that a gradient passes through', () => {
  const all = Object.getOwnPropertyNames(Tensor.prototype);
  const methods = all.filter((name) => ![...withoutGradient, ...foundation].includes(name));

  it.each(methods)('has cases here: %s', (method) => {
    const own = Object.keys(cases).filter((name) => name.split(/[ ,]/)[0] === method);
    expect(own).not.toEqual([]);
    for (const { shapes, build } of own.map((name) => cases[name]!)) {
      const called = jest.spyOn(Tensor.prototype, method as Method);
      build(...shapes.map((shape, i) => input(`x${i}`, shape)));
      expect(called).toHaveBeenCalled();
      called.mockRestore();
    }
  });

  it('is every operator that there is', () => {
    const modules = [arrangement, elementwise, gelu, layerNorm, products, reductions, selection];
    const operators = [...modules, softmax].flatMap((module) => Object.keys(module));
    expect(operators.filter((name) => !all.includes(name))).toEqual([]);
    expect(operators.length).toBeGreaterThan(25);
  });
});
