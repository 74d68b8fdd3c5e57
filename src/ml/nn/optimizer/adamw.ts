export interface AdamWOptions {
  /** @default 0.9 */
  beta1?: number | undefined;
  /** @default 0.999 */
  beta2?: number | undefined;
  /** @default 1e-8 */
  epsilon?: number | undefined;
}

/** The numbers of one step; see `adamwStep`. */
export interface AdamWStep {
  beta1: number;
  beta2: number;
  epsilon: number;
  /** rate / (1 − β₁ᵗ) */
  size: number;
  /** 1 / √(1 − β₂ᵗ) */
  spread: number;
  /** 1 − rate · weight decay */
  shrink: number;
}

/** @param step counted from 1 */
export function adamwStep(
  step: number,
  rate: number,
  weightDecay: number,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamWOptions,
): AdamWStep {
  return {
    beta1,
    beta2,
    epsilon,
    size: rate / (1 - beta1 ** step),
    spread: 1 / Math.sqrt(1 - beta2 ** step),
    shrink: 1 - rate * weightDecay,
  };
}

/** In the hot loop a look-up of a global costs more than the root itself where tests run. */
const { sqrt } = Math;

/**
 * One step of Adam with decoupled weight decay (Loshchilov and Hutter 2019, "Decoupled Weight Decay
 * Regularization") on the entries from `from` to `to` − 1 of four arrays of one layout. Gives what
 * PyTorch's AdamW gives, but for rounding in the last bit.
 *
 * @param scale what the gradients are multiplied with
 * @param gradientsAt where in `gradients` the gradient of entry `from` lies
 */
export function adamwUpdate(
  parameters: Float32Array,
  gradients: Float32Array,
  m: Float32Array,
  v: Float32Array,
  from: number,
  to: number,
  { beta1, beta2, epsilon, size, spread, shrink }: AdamWStep,
  scale: number,
  gradientsAt = from,
): void {
  const shift = gradientsAt - from;
  const own1 = 1 - beta1;
  const own2 = 1 - beta2;
  for (let i = from; i < to; i++) {
    const gradient = gradients[i + shift]! * scale;
    const first = beta1 * m[i]! + own1 * gradient;
    const second = beta2 * v[i]! + own2 * gradient * gradient;
    m[i] = first;
    v[i] = second;
    parameters[i] = shrink * parameters[i]! - (size * first) / (sqrt(second) * spread + epsilon);
  }
}
