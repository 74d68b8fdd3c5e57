import { encodeGraph } from '../onnx/graph';
import { openGraph } from '../onnx/graphSession';
import { compile } from './compile';
import { gradients } from './gradients';
import type { Recipe } from './operation';
import { constant, input, type Tensor } from './tensor';

function twoLayers(): { loss: Tensor; x: Tensor; w: Tensor; v: Tensor } {
  const x = input('x', [4, 8]);
  const w = input('w', [8, 16]);
  const v = input('v', [16, 8]);
  return { loss: x.matmul(w).gelu().matmul(v).mul(x).sum().reshape([]), x, w, v };
}

describe('compile', () => {
  it('gives the same bytes for the same building', () => {
    const bytes = (): Uint8Array => {
      const { loss, w, v } = twoLayers();
      const [dw, dv] = gradients(loss, [w, v]);
      return encodeGraph(compile('g', { loss, dw: dw!, dv: dv! }));
    };
    expect(bytes()).toEqual(bytes());
  });

  it('leaves out what no output needs', () => {
    const { loss, x, w, v } = twoLayers();
    const all = compile('g', { loss, dx: gradients(loss, [x, w, v])[0]! });
    const one = compile('g', { dv: gradients(loss, [v])[0]! });
    expect(one.nodes.length).toBeLessThan(all.nodes.length);
    expect(one.nodes.flatMap(({ outputs }) => outputs)).not.toContain('loss');
    const norm = x.layerNorm(
      constant(new Float32Array(8), [8]),
      constant(new Float32Array(8), [8]),
      1,
    );
    expect(compile('g', { norm }).nodes[0]!.outputs).toEqual(['norm']);
  });

  it('takes a derivative of a loss whose own value no output needs', async () => {
    const x = input('x', [1, 2]);
    const [one, zero] = [1, 0].map((value) => constant(new Float32Array(2).fill(value), [2]));
    const [dx] = gradients(x.layerNorm(one!, zero!, 1).sum(), [x]);
    const session = await openGraph(compile('g', { dx: dx! }), { threads: 1 });
    const into = { dx: new Float32Array(2) };
    await session.run({ x: Float32Array.of(1, 3) }, into);
    expect([...into.dx]).toEqual([0, 0]);
    await session.close();
  });

  it('keeps equal constants once, and the names given to constants', () => {
    const x = input('x', [2]);
    const y = x
      .mul(3)
      .add(3)
      .add(constant(Float32Array.of(1, 2), [2], 'head.bias'));
    expect(compile('g', { y }).initializers.map(({ name }) => name)).toEqual([
      'constant_0',
      'head.bias',
    ]);
  });

  it('gives a tensor as many names as it is asked for, an input too', async () => {
    const x = input('x', [2]);
    const y = x.neg();
    const session = await openGraph(compile('g', { y, same: y, fed: x }), { threads: 1 });
    const into = {
      y: new Float32Array(2),
      same: new Float32Array(2),
      fed: new Float32Array(2),
    };
    await session.run({ x: Float32Array.of(1, 2) }, into);
    expect(Object.values(into).map((array) => [...array])).toEqual([
      [-1, -2],
      [-1, -2],
      [1, 2],
    ]);
    await session.close();
  });

  it('runs a graph with sizes that are known later', async () => {
    const x = input('x', ['N', 'L', 4]);
    const w = constant(new Float32Array(8).fill(0.5), [2, 4]);
    const y = x.reshape(['N', 'L', 2, 2]).transpose([0, 2, 1, 3]).transpose([0, 2, 1, 3]);
    const sums = y.reshape(['N', 'L', 4]).linear(w, constant(Float32Array.of(0, 1), [2]));
    const session = await openGraph(compile('g', { sums }), { threads: 1 });
    for (const [N, L] of [
      [1, 3],
      [2, 1],
    ] as const) {
      const into = { sums: new Float32Array(N * L * 2) };
      await session.run({ x: new Float32Array(N * L * 4).fill(1) }, into, { N, L });
      expect([...into.sums.subarray(0, 2)]).toEqual([2, 3]);
    }
    await session.close();
  });

  it('computes the same bytes on one thread and on two', async () => {
    const { loss, w, v } = twoLayers();
    const [dw, dv] = gradients(loss, [w, v]);
    const graph = compile('g', { loss, dw: dw!, dv: dv! });
    const wave = (size: number): Float32Array =>
      Float32Array.from({ length: size }, (_, i) => Math.sin(i));
    const runWith = async (threads: number): Promise<Record<string, Float32Array>> => {
      const session = await openGraph(graph, { threads });
      const into = {
        loss: new Float32Array(1),
        dw: new Float32Array(128),
        dv: new Float32Array(128),
      };
      await session.run({ x: wave(32), w: wave(128), v: wave(128) }, into);
      await session.close();
      return into;
    };
    expect(await runWith(1)).toEqual(await runWith(2));
  });

  it.each<[string, Pick<Recipe, 'op' | 'domain'>]>([
    ['an operator of a later opset', { op: 'Gelu' }],
    ['an operator that there is not', { op: 'Rleu' }],
    ["ONNX's operator in another domain", { op: 'Relu', domain: 'com.microsoft' }],
    ["another domain's operator as ONNX's", { op: 'FusedMatMul' }],
  ])('refuses %s', (_, recipe) => {
    const x = input('x', [2]);
    const [y] = x.apply({ ...recipe, inputs: [x], shape: x.shape });
    expect(() => compile('g', { y })).toThrow(
      `${recipe.op} is not among the operators of opset 17 that compile knows`,
    );
    expect(() => compile('g', { z: y.relu() })).toThrow(recipe.op);
  });

  it('refuses two inputs of one name', () => {
    expect(() => compile('g', { y: input('x', [1]).add(input('x', [1])) })).toThrow('called "x"');
  });
});

describe('building', () => {
  const x = input('x', [2, 3]);
  const n = input('n', [2, 3], 'int64');
  const truth = n.equal(1);

  it.each<[string, () => unknown]>([
    ['matmul of [2, 3] and [2, 3]: the inner sizes 3 and 2 differ', () => x.matmul(x)],
    ['Add of [2, 3] and [2]: 3 and 2 do not go together', () => x.add(input('b', [2]))],
    ['reshape of [2, 3] and [4, 2]: the elements are not as many', () => x.reshape([4, 2])],
    ['sum of [2, 3]: there is no axis 2', () => x.sum([2])],
    ['transpose of [2, 3]: [0, 0] is no order of its axes', () => x.transpose([0, 0])],
    ['slice of [2, 3]: there is no 1 to 5 on axis 1', () => x.slice(1, 1, 5)],
    [
      'linear of [2, 3] and [4, 2]: wanted [..., in] and [out, in]',
      () => x.linear(input('w', [4, 2]), input('b', [4])),
    ],
    [
      'sumTo of [N, 3]: needs the size of N when the graph is built',
      () => input('n', ['N', 3]).sumTo([3]),
    ],
    ['gradients of [2, 3]: a loss is one number', () => gradients(x, [x])],
    [
      'gradients of [7]: the loss does not depend on this leaf',
      () => gradients(x.sum(), [input('z', [7])]),
    ],
    ['Add of [2, 3] and [2, 3]: float32 and int64 do not go together', () => x.add(n)],
    ['Mul of [2, 3] and [2, 3]: bool and bool do not go together', () => truth.mul(truth)],
    ['Exp of [2, 3]: wanted float32, given int64', () => n.exp()],
    ['Neg of [2, 3]: wanted float32, given bool', () => truth.neg()],
    ['equal of [2, 3]: wanted float32, given int64', () => x.equal(n)],
    ['gather of [2, 3]: wanted int64, given float32', () => x.gather(x)],
    ['softmax of [2, 3]: wanted float32, given int64', () => n.softmax()],
    ['logSoftmax of [2, 3]: wanted float32, given bool', () => truth.logSoftmax()],
    [
      'matmul of [2, 3] and [2, 3]: wanted float32, given float32 and int64',
      () => x.matmul(n, { transB: true }),
    ],
    [
      'softmaxMatmul of [2, 3] and [2, 3]: wanted float32, given float32 and int64',
      () => x.softmaxMatmul(n),
    ],
    [
      'linear of [2, 3] and [4, 3] and [4]: wanted float32, given int64 and float32 and float32',
      () => n.linear(input('w', [4, 3]), input('b', [4])),
    ],
    [
      'layerNorm of [2, 3] and [3] and [3]: wanted float32, given float32 and float32 and int64',
      () => x.layerNorm(input('s', [3]), input('b', [3], 'int64'), 1e-5),
    ],
  ])('fails with "%s"', (message, build) => {
    expect(build).toThrow(message);
  });
});
