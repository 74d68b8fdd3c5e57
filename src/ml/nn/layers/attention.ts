import type { Dim } from '../../autodiff/shape';
import type { Tensor } from '../../autodiff/tensor';
import type { Dropout } from './dropout';

export interface AttentionOptions {
  heads: number;
  /** Added to the scores, broadcast over [batch, heads, length, length]; see `additiveMask`. */
  bias: Tensor;
  /** Drops whole keys. @default none is dropped */
  dropout?: Dropout | undefined;
}

/**
 * Scaled dot-product attention of several heads (Vaswani et al. 2017) over queries, keys and values
 * [batch, length, width]; gives [batch, length, width].
 */
export function attention(
  queries: Tensor,
  keys: Tensor,
  values: Tensor,
  { heads, bias, dropout }: AttentionOptions,
): Tensor {
  const [batch, length, width] = queries.shape as [Dim, Dim, number];
  const size = width / heads;
  const split = (x: Tensor): Tensor => x.reshape([batch, length, heads, size]);
  // Scaling the queries is a pass over length × width numbers, scaling the scores one over length².
  const q = split(queries.mul(1 / Math.sqrt(size))).transpose([0, 2, 1, 3]);
  const k = split(keys).transpose([0, 2, 3, 1]);
  const v = split(values).transpose([0, 2, 1, 3]);
  return q
    .matmul(k)
    .add(bias)
    .softmaxMatmul(dropout?.forKeys(v) ?? v)
    .transpose([0, 2, 1, 3])
    .reshape([batch, length, width]);
}

/** What keeps attention off padding: 0 where the mask [batch, length] is 1, −10⁹ where it is 0. */
export function additiveMask(mask: Tensor): Tensor {
  const [batch, length] = mask.shape as [Dim, Dim];
  return mask.sub(1).mul(1e9).reshape([batch, 1, 1, length]);
}
