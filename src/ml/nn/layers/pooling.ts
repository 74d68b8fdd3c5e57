import type { Dim } from '../../autodiff/shape';
import type { Tensor } from '../../autodiff/tensor';

/**
 * The mean of the states [batch, length, width] over the tokens that the mask [batch, length] keeps;
 * gives [batch, width]. One token at least must be kept.
 */
export function meanPooling(states: Tensor, mask: Tensor): Tensor {
  const [batch, length, width] = states.shape as [Dim, Dim, number];
  const shares = mask.div(mask.sum([-1])).reshape([batch, 1, length]);
  return shares.matmul(states).reshape([batch, width]);
}

/** The state of each text's first token. */
export function firstTokenPooling(states: Tensor): Tensor {
  const [batch, , width] = states.shape as [Dim, Dim, number];
  return states.slice(1, 0, 1).reshape([batch, width]);
}
