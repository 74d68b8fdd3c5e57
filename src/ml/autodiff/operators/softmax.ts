import { productShape } from '../shape';
import type { Tensor } from '../tensor';
import { requireType } from './requireType';

export function softmax(x: Tensor): Tensor {
  requireType('softmax', [x]);
  return x.apply({
    op: 'Softmax',
    attributes: { axis: -1 },
    inputs: [x],
    shape: x.shape,
    derivative: {
      parents: [x],
      pull: (dy, y) => [() => dy.sub(dy.mul(y).sum([-1])).mul(y)],
    },
  })[0];
}

export function logSoftmax(x: Tensor): Tensor {
  requireType('logSoftmax', [x]);
  return x.apply({
    op: 'LogSoftmax',
    attributes: { axis: -1 },
    inputs: [x],
    shape: x.shape,
    derivative: {
      parents: [x],
      pull: (dy, y) => [() => dy.sub(y.exp().mul(dy.sum([-1])))],
    },
  })[0];
}

/**
 * softmax(scores)·values, as attention wants it. Softmax's derivative needs the sum of each row of
 * dP∘P; that equals the row of dY∘Y's, which is smaller by length / head size (Dao et al. 2022,
 * FlashAttention, appendix B).
 */
export function softmaxMatmul(scores: Tensor, values: Tensor): Tensor {
  requireType('softmaxMatmul', [scores, values]);
  const p = scores.softmax();
  return p.apply({
    op: 'MatMul',
    inputs: [p, values],
    shape: productShape(p.shape, values.shape, false, false),
    derivative: {
      parents: [scores, values],
      pull: (dy, y) => [
        () =>
          dy
            .matmul(values, { transB: true })
            .sub(dy.mul(y).sum([-1]))
            .mul(p),
        () => p.matmul(dy, { transA: true }),
      ],
    },
  })[0];
}
