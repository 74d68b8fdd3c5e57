import { fixed, productShape, ShapeError } from '../shape';
import type { Tensor } from '../tensor';
import { requireType } from './requireType';

/**
 * Matrix product. The transposed forms are what a product's derivative needs; they cost nothing, where
 * a Transpose would copy. Without them the node is a plain MatMul that every ONNX runtime knows.
 */
export function matmul(
  a: Tensor,
  b: Tensor,
  { transA = false, transB = false }: { transA?: boolean; transB?: boolean },
): Tensor {
  requireType('matmul', [a, b]);
  const shape = productShape(a.shape, b.shape, transA, transB);
  const matrices = a.shape.length === 2 && b.shape.length === 2;
  const plain = !transA && !transB;
  const [y] = a.apply({
    op: plain ? 'MatMul' : matrices ? 'Gemm' : 'FusedMatMul',
    ...(!plain && !matrices && { domain: 'com.microsoft' }),
    ...(!plain && { attributes: { transA: Number(transA), transB: Number(transB) } }),
    inputs: [a, b],
    shape,
    derivative: {
      parents: [a, b],
      pull: (dy) => [
        () =>
          transA
            ? b.matmul(dy, { transA: transB, transB: true })
            : dy.matmul(b, { transB: !transB }),
        () =>
          transB
            ? dy.matmul(a, { transA: true, transB: transA })
            : a.matmul(dy, { transA: !transA }),
      ],
    },
  });
  return y;
}

/**
 * A Gemm over all rows at once. Where the number of rows is known only later (batch and length of a
 * model that serves), there is no shape to flatten to: MatMul and Add take the axes as they are.
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  requireType('linear', [x, weight, bias]);
  const [out, into] = weight.shape;
  if (weight.shape.length !== 2 || x.shape.at(-1) !== into)
    throw new ShapeError('linear', [x.shape, weight.shape], 'wanted [..., in] and [out, in]');
  if (bias.shape.length !== 1 || bias.shape[0] !== out)
    throw new ShapeError('linear', [weight.shape, bias.shape], `the bias must be [${out}]`);
  if (x.shape.some((dim) => typeof dim === 'string'))
    return x.matmul(weight.transpose([1, 0])).add(bias);
  const rows = fixed('linear', x.shape.slice(0, -1)).reduce((p, q) => p * q, 1);
  return gemm(x.reshape([rows, into!]), weight, bias).reshape([...x.shape.slice(0, -1), out!]);
}

function gemm(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const [y] = x.apply({
    op: 'Gemm',
    attributes: { transB: 1 },
    inputs: [x, weight, bias],
    shape: [x.shape[0]!, weight.shape[0]!],
    derivative: {
      parents: [x, weight, bias],
      pull: (dy) => [
        () => dy.matmul(weight),
        () => dy.matmul(x, { transA: true }),
        () => dy.sumTo(bias.shape),
      ],
    },
  });
  return y;
}
