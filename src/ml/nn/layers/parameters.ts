import type { Tensor } from '../../autodiff/tensor';

/** A layer's parameters by name: inputs of a graph that learns, constants of one that serves. */
export type Parameters = (name: string) => Tensor;

/** A layer of products: x·Wᵀ + b with `<module>.weight` [out, in] and `<module>.bias` [out]. */
export function linear(x: Tensor, module: string, parameters: Parameters): Tensor {
  return x.linear(parameters(`${module}.weight`), parameters(`${module}.bias`));
}

/** Layer norm with `<module>.weight` and `<module>.bias`. */
export function layerNorm(
  x: Tensor,
  module: string,
  epsilon: number,
  parameters: Parameters,
): Tensor {
  return x.layerNorm(parameters(`${module}.weight`), parameters(`${module}.bias`), epsilon);
}
