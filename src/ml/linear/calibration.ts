/**
 * Turns margins into logits by `scale · margin + shift`, the two chosen so that the log loss of
 * margins from models that had not seen their rows is lowest.
 */
export interface Calibration {
  /** One per label, or one for all. */
  scale: Float64Array;
  shift: Float64Array;
}

const maxSteps = 100;
const enough = 1e-10;

/**
 * One scale for all labels of a softmax (temperature scaling: Guo, Pleiss, Sun and Weinberger 2017,
 * "On Calibration of Modern Neural Networks"). The loss is convex in the scale: Newton's method.
 *
 * @param margins rows × labels, row-major
 * @param truth the right label of each row
 */
export function softmaxScale(margins: Float32Array, truth: Int32Array, labels: number): number {
  let scale = 1;
  for (let step = 0; step < maxSteps; step++) {
    const { slope, curvature } = softmaxSlope(margins, truth, labels, scale);
    // A weak pull keeps the scale finite where every row is right.
    const change = (slope + pull * scale) / (curvature + pull);
    const next = Math.max(scale - change, scale / 4);
    const moved = Math.abs(next - scale);
    scale = Math.min(next, scale * 4);
    if (moved < enough * scale) break;
  }
  return scale;
}

const pull = 1e-4;

/** First and second derivative by the scale of the mean log loss of softmax(scale · margins). */
export function softmaxSlope(
  margins: Float32Array,
  truth: Int32Array,
  labels: number,
  scale: number,
): { loss: number; slope: number; curvature: number } {
  let loss = 0;
  let slope = 0;
  let curvature = 0;
  for (let row = 0; row < truth.length; row++) {
    const at = row * labels;
    let highest = -Infinity;
    for (let c = 0; c < labels; c++) highest = Math.max(highest, margins[at + c]!);
    let total = 0;
    let mean = 0;
    let square = 0;
    for (let c = 0; c < labels; c++) {
      const margin = margins[at + c]! - highest;
      const power = Math.exp(scale * margin);
      total += power;
      mean += power * margin;
      square += power * margin * margin;
    }
    mean /= total;
    const own = margins[at + truth[row]!]! - highest;
    loss += Math.log(total) - scale * own;
    slope += mean - own;
    curvature += square / total - mean * mean;
  }
  const rows = Math.max(1, truth.length);
  return { loss: loss / rows, slope: slope / rows, curvature: curvature / rows };
}

/** Mean log loss of sigmoid(scale · margin + shift), with its gradient and second derivatives. */
export function sigmoidSlope(
  margins: Float32Array,
  truth: Uint8Array,
  [scale, shift]: [number, number],
): { loss: number; gradient: [number, number]; curvature: [number, number, number] } {
  let [loss, byScale, byShift, ss, sb, bb] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < truth.length; row++) {
    const margin = margins[row]!;
    const logit = scale * margin + shift;
    const power = Math.exp(-Math.abs(logit));
    const probability = logit >= 0 ? 1 / (1 + power) : power / (1 + power);
    const off = probability - truth[row]!;
    const spread = probability * (1 - probability);
    loss += Math.log1p(power) + Math.max(logit, 0) - truth[row]! * logit;
    byScale += off * margin;
    byShift += off;
    ss += spread * margin * margin;
    sb += spread * margin;
    bb += spread;
  }
  const rows = Math.max(1, truth.length);
  return {
    loss: loss / rows,
    gradient: [byScale / rows, byShift / rows],
    curvature: [ss / rows, sb / rows, bb / rows],
  };
}

/** A scale is no smaller than this part of the one that it is pulled to. */
const leastScale = 0.01;

type Point = [scale: number, shift: number];
type Slope = ReturnType<typeof sigmoidSlope>;

/**
 * Scale and shift of one sigmoid (Platt 1999, with Newton's method as in Lin, Lin and Weng 2007). Pulled
 * towards `prior` by the weight of `pullRows` rows, so that a label with few rows leans on the others.
 *
 * The scale stays above 0. Margins of rows held out can fall where they should rise, by chance: a label
 * is rarer in what is left to learn from where more of its rows are held out. A scale below 0 would turn
 * around what the model itself has learnt.
 */
export function sigmoidFit(
  margins: Float32Array,
  truth: Uint8Array,
  prior: [number, number],
  pullRows: number,
): [number, number] {
  const strength = Math.max(pullRows / Math.max(1, truth.length), 1e-6);
  const at = (point: Point): Slope => {
    const { loss, gradient, curvature } = sigmoidSlope(margins, truth, point);
    const off: Point = [point[0] - prior[0], point[1] - prior[1]];
    return {
      loss: loss + (strength / 2) * (off[0] ** 2 + off[1] ** 2),
      gradient: [gradient[0] + strength * off[0], gradient[1] + strength * off[1]],
      curvature: [curvature[0] + strength, curvature[1], curvature[2] + strength],
    };
  };
  const free = descend(at, prior, bothMove);
  const least = leastScale * prior[0];
  // The loss is convex: where its lowest point is out of bounds, the lowest within lies on the bound.
  return free[0] >= least ? free : descend(at, [least, prior[1]], shiftMoves);
}

/** Newton's method with steps that are halved until the loss falls. */
function descend(at: (point: Point) => Slope, start: Point, moveOf: (here: Slope) => Point): Point {
  let point = start;
  let here = at(point);
  for (let step = 0; step < maxSteps; step++) {
    const move = moveOf(here);
    if (Math.abs(move[0]) + Math.abs(move[1]) < enough) break;
    let length = 1;
    let next = here;
    let there = point;
    for (; length > 1e-8; length /= 2) {
      there = [point[0] - length * move[0], point[1] - length * move[1]];
      next = at(there);
      if (next.loss < here.loss) break;
    }
    if (!(next.loss < here.loss)) break;
    point = there;
    here = next;
  }
  return point;
}

function bothMove({ gradient, curvature: [ss, sb, bb] }: Slope): Point {
  const determinant = ss * bb - sb * sb;
  return [
    (bb * gradient[0] - sb * gradient[1]) / determinant,
    (ss * gradient[1] - sb * gradient[0]) / determinant,
  ];
}

function shiftMoves({ gradient, curvature }: Slope): Point {
  return [0, gradient[1] / curvature[2]];
}
