import { randomAt, streamKey } from '../random/counterRandom';
import { Yielder } from '../nn/training/yielder';
import { type DenseFeatures, momentsOf } from './denseFeatures';
import { headLogits, type LinearHead } from './head';
import { calibrate } from './heldOut';
import type { ClassPerRow, LabelsPerRow } from './labels';
import { minimise } from './lbfgs';
import { LinearProducts } from './linearProducts';
import { fitLogistic, uncentred } from './logistic';
import { lossOf } from './losses';
import { probabilities } from './probabilities';
import { trainHead } from './trainHead';

/*
 * The expected weights are scikit-learn 1.9's, made by:
 *
 * n, d = 60, 3
 * X = np.array([[np.sin(1.7 * i * (j + 1)) + (i % 3 == j) + 2 * (j == 0) for j in range(d)] for i in range(n)])
 * y = np.array([i % 3 for i in range(n)])
 * m = LogisticRegression(C=2, tol=1e-10, max_iter=10000).fit(X.astype(np.float32), y)
 * and with class_weight={0: 3, 1: 1, 2: 1}; one against the rest with (y == c) | (np.arange(n) % 5 == c)
 */
const [rows, width] = [60, 3];
const features: DenseFeatures = {
  values: Float32Array.from({ length: rows * width }, (_, at) => {
    const [i, j] = [Math.floor(at / width), at % width];
    return Math.sin(1.7 * i * (j + 1)) + (i % 3 === j ? 1 : 0) + (j === 0 ? 2 : 0);
  }),
  rows,
  width,
};
const classOf = Int32Array.from({ length: rows }, (_, i) => i % 3);
const single: ClassPerRow = { kind: 'softmax', classes: 3, classOf };
const lists = Array.from({ length: rows }, (_, i) =>
  [0, 1, 2].filter((c) => i % 3 === c || i % 5 === c),
);
const several: LabelsPerRow = {
  kind: 'sigmoid',
  classes: 3,
  offsets: Int32Array.from([0, ...lists.map((_, i) => lists.slice(0, i + 1).flat().length)]),
  labels: Int32Array.from(lists.flat()),
};

/** @param c scikit-learn's C */
async function fitted(labels: ClassPerRow | LabelsPerRow, weights: Float64Array, c: number) {
  const products = await LinearProducts.open(features, 3, 1);
  const moments = momentsOf(features);
  const data = { products, moments, width, labels };
  const penalty = 1 / (c * moments.variance * weights.reduce((a, b) => a + b));
  const solution = new Float64Array(3 * (width + 1));
  await fitLogistic(data, weights, penalty, solution, new Yielder(undefined));
  await products.close();
  return uncentred(data, solution);
}

function expectClose(found: Float32Array, wanted: number[]): void {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, i) => expect(Math.abs(value - wanted[i]!)).toBeLessThan(0.01));
}

describe('L-BFGS', () => {
  it('finds the lowest point of a badly scaled bowl', async () => {
    const scales = [1, 10, 100, 1000];
    const x = new Float64Array(4).fill(5);
    const { value } = await minimise(
      (at, gradient) => {
        let sum = 0;
        scales.forEach((scale, i) => {
          const off = at[i]! - i;
          sum += (scale * off * off) / 2;
          gradient[i] = scale * off;
        });
        return Promise.resolve(sum);
      },
      x,
      { tolerance: 1e-12 },
    );
    expect(value).toBeLessThan(1e-10);
    x.forEach((found, i) => expect(found).toBeCloseTo(i, 5));
  });
});

describe.each([
  ['softmax', single],
  ['sigmoid', several],
] as const)('the %s loss', (_, labels) => {
  it('has the slope that finite differences show, and leaves rows of weight 0 out', () => {
    const weights = Float64Array.of(1, 0, 2.5);
    const logits = Float32Array.from({ length: 9 }, (__, i) => 2 * Math.sin(i * i));
    const slopes = logits.slice();
    lossOf(labels, slopes, 0, weights);
    logits.forEach((logit, i) => {
      const at = (value: number): number => lossOf(labels, logits.with(i, value), 0, weights);
      const [low, high] = [Math.fround(logit - 1e-2), Math.fround(logit + 1e-2)];
      expect(slopes[i]).toBeCloseTo((at(high) - at(low)) / (high - low), 3);
    });
    expect([...slopes.subarray(3, 6)]).toEqual([0, 0, 0]);
  });
});

describe('logistic regression', () => {
  it("has scikit-learn's weights for classes", async () => {
    const { weights, bias } = await fitted(single, new Float64Array(rows).fill(1), 2);
    expectClose(
      weights,
      [1.1392, -0.64123, -0.58858, -0.58682, 1.19647, -0.63736, -0.55238, -0.55524, 1.22594],
    );
    expectClose(bias, [-2.21498, 1.12924, 1.08574]);
  });

  it("has scikit-learn's weights where classes weigh differently", async () => {
    const counted = Float64Array.from(classOf, (c) => (c === 0 ? 3 : 1));
    const { weights, bias } = await fitted(single, counted, 2);
    expectClose(
      weights,
      [1.19554, -0.65924, -0.70073, -0.62965, 1.19804, -0.59241, -0.56589, -0.53881, 1.29315],
    );
    expectClose(bias, [-1.60096, 0.87972, 0.72124]);
  });

  it("has scikit-learn's weights for labels, one against the rest", async () => {
    const { weights, bias } = await fitted(several, new Float64Array(rows).fill(1), 2);
    expectClose(
      weights,
      [0.64518, -0.85086, -0.28641, -0.77687, 1.54902, -0.22141, -0.19502, -0.75663, 0.92933],
    );
    expectClose(bias, [-1.29528, 1.18765, 0.23833]);
  });
});

/** Rows around a point of their class, some of them far off. */
function cloud(classes: number, perClass: number, noise: number) {
  const [n, d] = [classes * perClass, 6];
  const classOfRow = Int32Array.from({ length: n }, (_, row) => row % classes);
  const values = Float32Array.from({ length: n * d }, (_, at) => {
    const [row, j] = [Math.floor(at / d), at % d];
    const key = streamKey(3, row, j);
    const scatter = [0, 1, 2, 3].reduce((sum, k) => sum + randomAt(key, k) / 2 ** 32 - 0.5, 0);
    return 2 * Math.sin(1 + 5 * classOfRow[row]! + 3 * j) + noise * scatter + 10;
  });
  return { features: { values, rows: n, width: d }, classOf: classOfRow };
}

const everyFourth = (n: number): Int32Array =>
  Int32Array.from({ length: n }, (_, row) => row).filter((row) => Math.floor(row / 5) % 4 === 0);

describe('training a head', () => {
  const { features: dense, classOf: truth } = cloud(5, 40, 1.8);
  const labels: ClassPerRow = { kind: 'softmax', classes: 5, classOf: truth };
  const options = { validation: [everyFourth(200)], threads: 1 };

  const headProbabilities = (head: LinearHead, features: DenseFeatures): Float32Array =>
    probabilities(headLogits(head, features), head.kind, head.classes);
  const accuracyOf = (probabilities: Float32Array): number => {
    const right = [...truth].filter((own, row) => {
      const row5 = [...probabilities.subarray(row * 5, row * 5 + 5)];
      return row5.indexOf(Math.max(...row5)) === own;
    });
    return right.length / truth.length;
  };

  it('chooses the strength with the lowest loss on rows held out, and learns from all rows', async () => {
    const { head, strength, trials } = await trainHead(dense, labels, options);
    const lowest = trials.reduce((a, b) => (b.loss < a.loss ? b : a));
    expect(strength).toBe(lowest.strength);
    expect(trials.length).toBeGreaterThan(3);
    expect(accuracyOf(headProbabilities(head, dense))).toBeGreaterThan(0.8);
  });

  it('gives the same bytes again, with one thread and with two', async () => {
    const first = await trainHead(dense, labels, options);
    expect(await trainHead(dense, labels, { ...options, threads: 2 })).toEqual(first);
  });

  it('judges by folds where several are given, and chooses nothing where none is', async () => {
    const folds = [0, 1, 2].map((fold) =>
      Int32Array.from(truth, (_, row) => row).filter((row) => Math.floor(row / 5) % 3 === fold),
    );
    const { trials } = await trainHead(dense, labels, { ...options, validation: folds });
    expect(trials.length).toBeGreaterThan(3);
    const { trials: none, scale } = await trainHead(dense, labels, { ...options, validation: [] });
    expect(none).toEqual([]);
    expect(scale).toBe(1);
  });

  it('tells of the heads that were trained without each part, at the strength that was chosen', async () => {
    const { parts, strength, scale, trials } = await trainHead(dense, labels, options);
    expect(parts.map((part) => part.rows)).toEqual(options.validation);
    const [{ head, rows: held, logits }] = parts as [(typeof parts)[0]];
    const values = Float32Array.from(
      [...held].flatMap((row) => [...dense.values.subarray(row * 6, row * 6 + 6)]),
    );
    const own = headProbabilities(head, { values, rows: held.length, width: 6 });
    let loss = 0;
    held.forEach((row, i) => {
      const calibrated = logits.subarray(i * 5, i * 5 + 5);
      const total = calibrated.reduce((sum, logit) => sum + Math.exp(logit), 0);
      calibrated.forEach((logit, c) => {
        expect(own[i * 5 + c]).toBeCloseTo(Math.exp(logit) / total, 4);
      });
      loss -= Math.log(own[i * 5 + truth[row]!]!) / held.length;
    });
    expect(scale).toBeGreaterThan(0);
    expect(loss).toBeCloseTo(trials.find((trial) => trial.strength === strength)!.loss, 4);
  });

  it('does not depend on the scale of the features', async () => {
    const values = dense.values.map((value) => value * 1024);
    const [plain, large] = [
      await trainHead(dense, labels, options),
      await trainHead({ ...dense, values }, labels, options),
    ];
    expect(large.strength).toBe(plain.strength);
    const ofLarge = headProbabilities(large.head, { ...dense, values });
    headProbabilities(plain.head, dense).forEach((p, i) => {
      expect(Math.abs(p - ofLarge[i]!)).toBeLessThan(0.02);
    });
  });

  it('ends with the reason of an aborted signal', async () => {
    const signal = AbortSignal.abort(new Error('no longer wanted'));
    await expect(trainHead(dense, labels, options, signal)).rejects.toThrow('no longer wanted');
  });

  it('refuses features that are not numbers, naming the row', async () => {
    const values = dense.values.with(13, NaN);
    const training = trainHead({ ...dense, values }, labels, options);
    await expect(training).rejects.toThrow('one is NaN in row 2');
    const fewer = trainHead({ ...dense, rows: 199 }, labels, options);
    await expect(fewer).rejects.toThrow('1200 numbers as 199 × 6, and labels for 200 rows');
  });
});

describe('calibration of a head', () => {
  it('finds the scale that logits were divided by', () => {
    const logits = Float32Array.from({ length: 4000 }, (_, i) => 3 * Math.sin(i * 1.3));
    const truth = Uint8Array.from(logits, (logit, i) =>
      randomAt(streamKey(9), i) / 2 ** 32 < 1 / (1 + Math.exp(-2 * logit)) ? 1 : 0,
    );
    const { scale, shift } = calibrate({ logits, truth, classes: 4 });
    expect(scale).toBeGreaterThan(1.8);
    expect(scale).toBeLessThan(2.2);
    expect(Math.abs(shift)).toBeLessThan(0.2);
  });
});
