import { type Worst, worstOf } from './worst';

/** Worst errors over the parameters of a model, `at` naming the parameter. */
export interface ParameterErrors {
  /** Of all but the biases of keys, in parts of what was wanted. */
  relative: Worst;
  /** Of the biases of keys, absolute. */
  keyBiases: Worst;
}

/**
 * A bias on all keys alike changes no softmax: its true gradient is 0. What is seen of it is rounding,
 * which AdamW scales to steps of full size, so relative errors of gradient and weights mean nothing.
 */
const isKeyBias = (name: string): boolean => name.endsWith('key.bias');

/** @param errors by parameter: the absolute error, and the size that it is a part of */
export function parameterErrors(
  errors: readonly { name: string; error: number; size: number }[],
): ParameterErrors {
  return {
    relative: worstOf(
      errors
        .filter(({ name }) => !isKeyBias(name))
        .map(({ name, error, size }) => [name, error / size]),
    ),
    keyBiases: worstOf(
      errors.filter(({ name }) => isKeyBias(name)).map(({ name, error }) => [name, error]),
    ),
  };
}

/** Compares the norms of parameters, or of their gradients, with those wanted by name. */
export function normErrors(
  wanted: Readonly<Record<string, number>>,
  found: ReadonlyMap<string, Float32Array>,
): ParameterErrors {
  return parameterErrors(
    Object.entries(wanted).map(([name, size]) => ({
      name,
      error: Math.abs(norm(found.get(name)) - size),
      size,
    })),
  );
}

/** The Euclidean norm; NaN, which counts as the worst error, where there is no such parameter. */
export function norm(values: Float32Array | undefined): number {
  if (!values) return NaN;
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
