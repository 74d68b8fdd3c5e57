/** Gives the function's value at `x` and writes its gradient over `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => Promise<number>;

export interface LbfgsOptions {
  /** Ends when the last steps together lower the value by less than this part of it. @default 1e-4 */
  tolerance?: number | undefined;
  /** @default 300 */
  maxSteps?: number | undefined;
}

/** Pairs of steps and gradient changes that curvature is learnt from. */
const remembered = 10;
/** Part of the decrease that the slope promises which a step must reach (Armijo). */
const sufficient = 1e-4;
const maxHalvings = 20;
/** How many those last steps are: the first ones, before curvature is learnt, can be tiny. */
const window = 8;

interface Pair {
  step: Float64Array;
  change: Float64Array;
  /** 1 / (step · change) */
  inverse: number;
}

/**
 * Minimises a smooth convex function by L-BFGS (Liu and Nocedal 1989, "On the Limited Memory BFGS Method
 * for Large Scale Optimization") with backtracking. Deterministic where the objective is.
 *
 * @param x where to begin; holds the minimum at the end
 * @returns the value there, and how often the objective was computed
 */
export async function minimise(
  objective: Objective,
  x: Float64Array,
  { tolerance = 1e-4, maxSteps = 300 }: LbfgsOptions = {},
): Promise<{ value: number; evaluations: number }> {
  let gradient = new Float64Array(x.length);
  let value = await objective(x, gradient);
  let evaluations = 1;
  const values = [value];
  const pairs: Pair[] = [];
  for (let taken = 0; taken < maxSteps; taken++) {
    const direction = descent(gradient, pairs);
    const slope = dot(direction, gradient);
    if (!(slope < 0)) break;
    let size = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const next = new Float64Array(x.length);
    const nextGradient = new Float64Array(x.length);
    let lower = Infinity;
    for (let halvings = 0; halvings <= maxHalvings; halvings++) {
      for (let i = 0; i < x.length; i++) next[i] = x[i]! + size * direction[i]!;
      lower = await objective(next, nextGradient);
      evaluations++;
      if (lower <= value + sufficient * size * slope) break;
      size *= shortened(value, slope, lower, size);
    }
    if (!(lower < value)) break;
    remember(pairs, x, next, gradient, nextGradient);
    x.set(next);
    gradient = nextGradient;
    value = lower;
    values.push(value);
    if ((values.at(-1 - window) ?? Infinity) - value <= tolerance * Math.abs(value)) break;
  }
  return { value, evaluations };
}

/** What to multiply a step with that was too long: where the parabola through what is known is lowest. */
function shortened(value: number, slope: number, tried: number, size: number): number {
  const lowest = (-slope * size) / (2 * (tried - value - slope * size));
  return Number.isFinite(lowest) ? Math.min(0.5, Math.max(0.1, lowest)) : 0.1;
}

/** −H·gradient, H being the inverse curvature that the pairs tell of. */
function descent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = gradient.map((g) => -g);
  const shares: number[] = [];
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { step, change, inverse } = pairs[i]!;
    shares[i] = inverse * dot(step, direction);
    add(direction, -shares[i]!, change);
  }
  const newest = pairs.at(-1);
  if (newest) {
    const scale = 1 / (newest.inverse * dot(newest.change, newest.change));
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
  pairs.forEach(({ step, change, inverse }, i) => {
    add(direction, shares[i]! - inverse * dot(change, direction), step);
  });
  return direction;
}

function remember(
  pairs: Pair[],
  x: Float64Array,
  next: Float64Array,
  gradient: Float64Array,
  nextGradient: Float64Array,
): void {
  const step = next.map((value, i) => value - x[i]!);
  const change = nextGradient.map((value, i) => value - gradient[i]!);
  const curvature = dot(step, change);
  // Rounding can make the curvature of a flat stretch look negative.
  if (!(curvature > 1e-12 * dot(change, change))) return;
  pairs.push({ step, change, inverse: 1 / curvature });
  if (pairs.length > remembered) pairs.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function add(target: Float64Array, factor: number, source: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * source[i]!;
}
