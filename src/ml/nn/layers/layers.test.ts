import { compile } from '../../autodiff/compile';
import { constant, input, type Tensor } from '../../autodiff/tensor';
import { checkDerivative, sizeOf, values } from '../../autodiff/testing/finiteDifferences';
import { openGraph } from '../../onnx/graphSession';
import { additiveMask, attention } from './attention';
import { Dropout } from './dropout';
import { binaryCrossEntropy, classTargets, crossEntropy } from './losses';
import { firstTokenPooling, meanPooling } from './pooling';

async function evaluate(
  y: Tensor,
  feeds: Record<string, Float32Array | Uint8Array> = {},
): Promise<number[]> {
  const session = await openGraph(compile('test', { y }), { threads: 1 });
  const into = { y: new Float32Array(sizeOf(y.shape as number[])) };
  await session.run(feeds, into);
  await session.close();
  return [...into.y];
}

const mask = constant(Float32Array.of(1, 1, 1, 1, 1, 0), [2, 3]);
const bias = additiveMask(mask);

describe('attention', () => {
  it('has the derivative that finite differences give', async () => {
    const build = (q?: Tensor, k?: Tensor, v?: Tensor): Tensor =>
      attention(q!, k!, v!, { heads: 2, bias });
    const shape = [2, 3, 4];
    await checkDerivative({ shapes: [shape, shape, shape], build });
  });

  it('is the definition, and never looks at padding', async () => {
    const [q, k, v] = [1, 2, 3].map((phase) => values(24, phase)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const shape = [2, 3, 4];
    const [tq, tk, tv] = [q, k, v].map((each) => constant(each, shape)) as [Tensor, Tensor, Tensor];
    const found = await evaluate(attention(tq, tk, tv, { heads: 2, bias }));
    for (const [text, keys] of [[0, 3] as const, [1, 2] as const])
      for (let head = 0; head < 2; head++)
        for (let i = 0; i < 3; i++) {
          const at = (token: number, n: number): number => (text * 3 + token) * 4 + head * 2 + n;
          const scores = Array.from(
            { length: keys },
            (_, j) => (q[at(i, 0)]! * k[at(j, 0)]! + q[at(i, 1)]! * k[at(j, 1)]!) / Math.SQRT2,
          );
          const total = scores.reduce((sum, s) => sum + Math.exp(s), 0);
          for (const n of [0, 1]) {
            const mean = scores.reduce((sum, s, j) => sum + Math.exp(s) * v[at(j, n)]!, 0) / total;
            expect(found[at(i, n)]).toBeCloseTo(mean, 5);
          }
        }
  });
});

describe('pooling', () => {
  it('has the derivatives that finite differences give', async () => {
    await checkDerivative({ shapes: [[2, 3, 4]], build: (x) => meanPooling(x, mask) });
    await checkDerivative({ shapes: [[2, 3, 4]], build: (x) => firstTokenPooling(x) });
  });

  it('takes the mean over the tokens that are no padding', async () => {
    const states = constant(Float32Array.of(1, 2, 3, 4, 6, 100), [2, 3, 1]);
    expect(await evaluate(meanPooling(states, mask))).toEqual([2, 5]);
    expect(await evaluate(firstTokenPooling(states))).toEqual([1, 4]);
  });
});

describe('losses', () => {
  const logits = [0.2, -1.3, 2.1, 0.7, 0.1, -0.4];
  const x = constant(Float32Array.from(logits), [2, 3]);
  const one = constant(Float32Array.of(1), [1]);

  it('have the derivatives that finite differences give', async () => {
    const targets = constant(values(6, 4).map(Math.abs), [2, 3]);
    const total = constant(Float32Array.of(2.5), [1]);
    const shapes = [[2, 3]];
    await checkDerivative({ shapes, build: (z) => crossEntropy(z, targets, total) });
    await checkDerivative({ shapes, build: (z) => binaryCrossEntropy(z, targets, total) });
  });

  // torch.nn.functional.cross_entropy(torch.tensor([[.2,-1.3,2.1],[.7,.1,-.4]]), torch.tensor([2,1]),
  //   weight=torch.tensor([1.,2.,.5]), label_smoothing=.1)
  it('with class weights and smoothing are those of PyTorch', async () => {
    const options = { classWeights: [1, 2, 0.5], labelSmoothing: 0.1 };
    const { targets, total } = classTargets([2, 1], 3, options);
    const loss = crossEntropy(x, constant(targets, [2, 3]), constant(Float32Array.of(total), []));
    expect((await evaluate(loss))[0]).toBeCloseTo(1.0940753, 5);
  });

  // torch.nn.functional.binary_cross_entropy_with_logits(the same logits, torch.tensor([[1.,0,1],[0,.5,0]]))
  it('for many labels are those of PyTorch', async () => {
    const targets = constant(Float32Array.of(1, 0, 1, 0, 0.5, 0), [2, 3]);
    const loss = binaryCrossEntropy(x, targets, one.mul(6));
    expect((await evaluate(loss))[0]).toBeCloseTo(0.5442109, 5);
  });

  it('of the parts of a batch, divided by its total, add up to the loss of the batch', async () => {
    const { targets, total } = classTargets([2, 1], 3, { classWeights: [1, 2, 0.5] });
    const whole = constant(Float32Array.of(total), []);
    const lossOf = (start: number, end: number): Promise<number[]> =>
      evaluate(
        crossEntropy(x.slice(0, start, end), constant(targets, [2, 3]).slice(0, start, end), whole),
      );
    const [first, second, both] = await Promise.all([lossOf(0, 1), lossOf(1, 2), lossOf(0, 2)]);
    expect(first[0]! + second[0]!).toBeCloseTo(both[0]!, 6);
  });

  it('name a class that does not exist', () => {
    expect(() => classTargets([0, 3], 3)).toThrow('row 1 has class 3; there are 3');
  });
});

describe('Dropout', () => {
  const shape = [8, 500];

  it('drops the part asked for and keeps the mean', async () => {
    const dropout = new Dropout(0.25);
    const y = dropout.apply(input('x', shape));
    const kept = await evaluate(y, { x: new Float32Array(4000).fill(1), ...dropout.masks(3) });
    expect([...new Set(kept)].sort()).toEqual([0, Math.fround(4 / 3)]);
    expect(kept.filter((value) => value === 0).length / 4000).toBeCloseTo(0.25, 1);
    expect(kept.reduce((a, b) => a + b) / 4000).toBeCloseTo(1, 1);
  });

  it('gives the same masks for the same key, others for another key and another place', () => {
    const masksOf = (key: number): Uint8Array[] => {
      const dropout = new Dropout(0.5);
      const x = input('x', shape);
      dropout.apply(dropout.apply(x));
      return Object.values(dropout.masks(key)).map((mask) => mask.slice());
    };
    expect(masksOf(1)).toEqual(masksOf(1));
    expect(masksOf(1)).not.toEqual(masksOf(2));
    const [first, second] = masksOf(1);
    expect(first).not.toEqual(second);
  });

  it('hides whole keys from a head', async () => {
    const dropout = new Dropout(0.5);
    const values = dropout.forKeys(input('v', [2, 2, 8, 3]));
    const kept = await evaluate(values, { v: new Float32Array(96).fill(1), ...dropout.masks(1) });
    for (let key = 0; key < kept.length; key += 3)
      expect(new Set(kept.slice(key, key + 3)).size).toBe(1);
  });

  it('leaves the graph alone where nothing is dropped', () => {
    const x = input('x', shape);
    expect(new Dropout(0).apply(x)).toBe(x);
  });
});
