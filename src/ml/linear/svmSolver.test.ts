import { rowDot, singleBlock, squaredNorms, type RowBlock, type RowBlocks } from './rowBlock';
import type { SvmRows } from './svmPass';
import { scoresOf, SvmSolver, weightsOf, type SvmProblem } from './svmSolver';

const rowCount = 40;
const features = 12;

/** The matrix of bench/peers/linear_reference.py. */
function makeBlock(from: number, to: number): RowBlock {
  const entries: [number, number][][] = [];
  for (let r = from; r < to; r++) {
    entries.push(
      [0, 1, 2, 3].map((k) => [
        (r * 7 + k * k * 3 + k) % features,
        (((r * 13 + k * 5) % 11) + 1) / 10,
      ]),
    );
  }
  return {
    rows: to - from,
    starts: Int32Array.from({ length: to - from + 1 }, (_, i) => i * 4),
    ids: Int32Array.from(entries.flat().map(([id]) => id)),
    values: Float32Array.from(entries.flat().map(([, value]) => value)),
  };
}

const whole = singleBlock(makeBlock(0, rowCount), features);
const inBlocks: RowBlocks = {
  features,
  rows: rowCount,
  firstRows: [0, 13, 14, rowCount],
  load: (block) => makeBlock([0, 13, 14][block]!, [13, 14, rowCount][block]!),
};
const targets = Int8Array.from({ length: rowCount }, (_, r) =>
  (r * r + Math.floor(r / 3)) % 3 === 0 ? 1 : -1,
);

function shared(cost: number): SvmRows {
  const diagonal = new Float64Array(rowCount).fill(1 / (2 * cost));
  const curvature = new Float64Array(rowCount);
  squaredNorms(makeBlock(0, rowCount), curvature, 0);
  return { diagonal, curvature: curvature.map((norm) => norm + 1 + 1 / (2 * cost)) };
}

function solve(rows: RowBlocks, cost: number, problem: Partial<SvmProblem> = {}): Float64Array {
  const all = { targets, key: 1, maxPasses: 100_000, tolerance: 1e-10, ...problem };
  const solver = new SvmSolver(rows, shared(cost), all);
  while (!solver.advance());
  return weightsOf(rows, all, solver.support());
}

/** ½‖w − w₀‖² + C Σ max(0, 1 − y w·x)². */
function objective(weights: Float64Array, cost: number, prior?: Float64Array): number {
  const block = makeBlock(0, rowCount);
  let sum = 0;
  weights.forEach((weight, i) => (sum += (weight - (prior?.[i] ?? 0)) ** 2 / 2));
  for (let r = 0; r < rowCount; r++) {
    const margin = targets[r]! * (rowDot(block, r, weights) + weights[features]!);
    sum += cost * Math.max(0, 1 - margin) ** 2;
  }
  return sum;
}

/** Values of scikit-learn 1.9.1: `python bench/peers/linear_reference.py`. */
const reference: [number, number[]][] = [
  [
    0.5,
    [
      -0.1597657159844536, 0.03278393243688956, 0.7278487344038681, -0.20554580767189742,
      -0.3125298388167137, 0.281345938190869, 0.3060373937311689, -0.2501373417921532,
      -0.5704323975216498, 0.33261223908154675, 0.11598857911125007, -0.29129526610973666,
      -0.35711752500291116,
    ],
  ],
  [
    2,
    [
      -0.4517499868661207, 0.24722088535548256, 1.1619769885855447, -0.29970044190006195,
      -0.5507712719375992, 0.5408016649222321, 0.5933536289158982, -0.45380531263266166,
      -0.8323448811965791, 0.6656678665876085, 0.5187540116670954, -0.4647978591969007,
      -0.4980046534820849,
    ],
  ],
];

test.each(reference)('with C = %d the weights are those of LIBLINEAR', (cost, wanted) => {
  const weights = solve(whole, cost);
  wanted.forEach((weight, i) => expect(weights[i]).toBeCloseTo(weight, 6));
});

test('rows that come in several blocks give the same weights', () => {
  const weights = solve(inBlocks, 0.5);
  reference[0]![1].forEach((weight, i) => expect(weights[i]).toBeCloseTo(weight, 6));
});

test.each([undefined, Float64Array.from({ length: features + 1 }, (_, i) => ((i % 5) - 2) / 3)])(
  'the primal objective does not change to first order at the solution, whatever the weights are pulled to',
  (prior) => {
    const weights = solve(whole, 1.5, { prior });
    const step = 1e-5;
    for (let i = 0; i <= features; i++) {
      const [up, down] = [weights.slice(), weights.slice()];
      up[i]! += step;
      down[i]! -= step;
      const slope = (objective(up, 1.5, prior) - objective(down, 1.5, prior)) / (2 * step);
      expect(slope).toBeCloseTo(0, 5);
    }
  },
);

test('each dual variable meets the conditions of Karush, Kuhn and Tucker', () => {
  const cost = 1;
  const all = { targets, key: 3, maxPasses: 100_000, tolerance: 1e-10 };
  const solver = new SvmSolver(whole, shared(cost), all);
  while (!solver.advance());
  const support = solver.support();
  const alphaOf = new Map([...support.rows].map((row, i) => [row, support.alpha[i]!]));
  const weights = weightsOf(whole, all, support);
  const scores = scoresOf(
    whole,
    weights,
    Int32Array.from({ length: rowCount }, (_, r) => r),
  );
  scores.forEach((score, row) => {
    const alpha = alphaOf.get(row) ?? 0;
    const gradient = targets[row]! * score - 1 + alpha / (2 * cost);
    if (alpha > 0) expect(gradient).toBeCloseTo(0, 5);
    else expect(gradient).toBeGreaterThan(-1e-5);
  });
});

test('a row with target 0 is as if it were not there', () => {
  const without = Int8Array.from(targets, (target, row) => (row === 5 ? 0 : target));
  const weights = solve(whole, 1, { targets: without });
  const scores = scoresOf(whole, weights, Int32Array.of(5));
  expect(weights).not.toEqual(solve(whole, 1));
  expect(Math.abs(scores[0]!)).toBeGreaterThan(0);
});

test('a start from the solution of a like problem ends at the same weights', () => {
  const problem = { targets, key: 9, maxPasses: 100_000, tolerance: 1e-10 };
  const other = new SvmSolver(whole, shared(1), { ...problem, tolerance: 0.1 });
  while (!other.advance());
  const fresh = solve(whole, 1);
  const warm = solve(whole, 1, { start: other.support() });
  fresh.forEach((weight, i) => expect(warm[i]).toBeCloseTo(weight, 6));
});

test('a solver taken up from a snapshot at any block goes on to the same bits', () => {
  const problem = { targets, key: 4, maxPasses: 30, tolerance: 1e-3 };
  const steady = new SvmSolver(inBlocks, shared(1), problem);
  while (!steady.advance());
  let current = new SvmSolver(inBlocks, shared(1), problem);
  for (;;) {
    const snapshot = current.snapshot();
    current = new SvmSolver(inBlocks, shared(1), problem);
    current.restore(snapshot);
    if (current.advance()) break;
  }
  expect(current.support()).toEqual(steady.support());
  expect(current.lossHistory).toEqual(steady.lossHistory);
});

test('with tolerance 0 exactly the passes asked for are made', () => {
  const solver = new SvmSolver(whole, shared(1), { targets, key: 1, maxPasses: 7, tolerance: 0 });
  let visits = 1;
  while (!solver.advance()) visits++;
  expect(visits).toBe(7);
  expect(solver.lossHistory.length).toBe(7);
});

test('a label that few rows have ends at the same weights, though its first pass skips rows', () => {
  const rare = Int8Array.from({ length: rowCount }, (_, row) => (row % 10 === 3 ? 1 : -1));
  for (const rows of [whole, inBlocks]) {
    const weights = solve(rows, 1, { targets: rare });
    const step = 1e-5;
    const all = (w: Float64Array): number => {
      const block = makeBlock(0, rowCount);
      let value = w.reduce((sum, weight) => sum + weight ** 2 / 2, 0);
      for (let r = 0; r < rowCount; r++) {
        const margin = rare[r]! * (rowDot(block, r, w) + w[features]!);
        value += Math.max(0, 1 - margin) ** 2;
      }
      return value;
    };
    for (let i = 0; i <= features; i++) {
      const [up, down] = [weights.slice(), weights.slice()];
      up[i]! += step;
      down[i]! -= step;
      expect((all(up) - all(down)) / (2 * step)).toBeCloseTo(0, 5);
    }
  }
});
