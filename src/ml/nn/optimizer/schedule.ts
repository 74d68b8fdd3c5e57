export interface ScheduleOptions {
  /** The highest learning rate. */
  rate: number;
  /** Steps in which the rate rises in a straight line, before it is at its highest. @default 0 */
  warmupSteps?: number | undefined;
  /** Steps in all; the rate would be 0 in the step after the last, unless it is constant. */
  totalSteps: number;
  /** How the rate falls after warm-up. @default 'linear' */
  shape?: 'linear' | 'cosine' | 'constant' | undefined;
}

/**
 * The learning rate of one step. No step has rate 0: the first of w warm-up steps has rate/(w + 1).
 *
 * @param step counted from 0
 */
export function learningRate(
  step: number,
  { rate, warmupSteps = 0, totalSteps, shape = 'linear' }: ScheduleOptions,
): number {
  if (step < warmupSteps) return (rate * (step + 1)) / (warmupSteps + 1);
  if (shape === 'constant') return rate;
  const done = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  return rate * (shape === 'linear' ? 1 - done : (1 + Math.cos(Math.PI * done)) / 2);
}
