import { CalibrationBins } from './calibration';
import { MulticlassMeter } from './multiclass';
import { MultilabelMeter } from './multilabel';
import { PrecisionAtMeter } from './precisionAt';

/*
 * The expected values are scikit-learn 1.9's and NumPy's, made by:
 *
 * i, c = np.arange(60)[:, None], np.arange(4)[None, :]
 * z = 3 * np.sin(i * 7 + c * 3)
 * p = np.exp(z); p /= p.sum(1, keepdims=True)
 * pred = p.argmax(1); n = np.arange(60)
 * gold = np.where(n % 3 == 0, (n * n + n) % 4, pred)
 * conf = p.max(1); b = np.ceil(conf * 15).astype(int) - 1
 * ece = sum(abs((conf[b == k] - (pred == gold)[b == k]).sum()) for k in range(15)) / 60
 * m.accuracy_score(gold, pred), m.f1_score(gold, pred, average="macro"), m.log_loss(gold, p), ece
 * m.precision_recall_fscore_support(gold, pred), m.confusion_matrix(gold, pred)
 * s = 1 / (1 + np.exp(-z)); q = s >= 0.5
 * y = (np.sin(i * 7 + c * 3 + (i % 4 == 0) * 2.5) > 0.2).astype(int)
 * (q == y).all(1).mean(), m.f1_score(y, q, average="macro"), m.f1_score(y, q, average="micro")
 * np.mean([m.log_loss(y[:, k], s[:, k]) for k in range(4)]), m.precision_recall_fscore_support(y, q)
 */
const rows = Array.from({ length: 60 }, (_, i) => i);
const classes = [0, 1, 2, 3];
const logits = (i: number) => classes.map((c) => 3 * Math.sin(i * 7 + c * 3));

function softmax(values: number[]): number[] {
  const powers = values.map(Math.exp);
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}

const asArrays = (
  metrics: {
    precision: number | null;
    recall: number | null;
    f1: number | null;
    support: number;
  }[],
) => metrics.map(({ precision, recall, f1, support }) => [precision, recall, f1, support]);

function expectClose(found: (number | null)[][], wanted: number[][]): void {
  found.forEach((row, i) =>
    row.forEach((value, j) => expect(value).toBeCloseTo(wanted[i]![j]!, 12)),
  );
}

describe('MulticlassMeter', () => {
  const meter = new MulticlassMeter(4);
  for (const i of rows) {
    const p = softmax(logits(i));
    meter.add(i % 3 === 0 ? (i * i + i) % 4 : p.indexOf(Math.max(...p)), p);
  }
  const result = meter.result();

  it("has scikit-learn's accuracy, F1 and log loss", () => {
    expect(result.rows).toBe(60);
    expect(result.accuracy).toBeCloseTo(0.75, 12);
    expect(result.f1.macro).toBeCloseTo(0.7617989417989417, 12);
    expect(result.f1.micro).toBeCloseTo(0.75, 12);
    expect(result.logLoss).toBeCloseTo(1.2406976996186923, 10);
  });

  it("has NumPy's calibration error", () => {
    expect(result.calibration.ece).toBeCloseTo(0.17403001778561059, 12);
  });

  it("has scikit-learn's precision, recall, F1 and support for each class", () => {
    expectClose(asArrays(result.classes), [
      [0.7857142857142857, 0.5789473684210527, 0.6666666666666666, 19],
      [0.6875, 1, 0.8148148148148148, 11],
      [0.75, 0.631578947368421, 0.6857142857142857, 19],
      [0.7857142857142857, 1, 0.88, 11],
    ]);
  });

  it("has scikit-learn's confusion matrix, and lists the most frequent mistakes first", () => {
    expect(meter.confusion.matrix(classes)).toEqual([
      [11, 2, 4, 2],
      [0, 11, 0, 0],
      [3, 3, 12, 1],
      [0, 0, 0, 11],
    ]);
    expect(meter.confusion.mistakes(2)).toEqual([
      { gold: 0, predicted: 2, count: 4 },
      { gold: 2, predicted: 0, count: 3 },
    ]);
    expect(meter.confusion.busiest(2)).toEqual([0, 2]);
  });

  it('counts a label that the model does not know as a miss', () => {
    const other = new MulticlassMeter(2);
    other.add(0, [0.9, 0.1]);
    other.add(2, [0.9, 0.1]);
    const { accuracy, f1, logLoss, classes: found } = other.result();
    expect(accuracy).toBe(0.5);
    expect(f1.macro).toBeCloseTo((2 / 3 + 0) / 2);
    expect(logLoss).toBeGreaterThan(7);
    expect(found[2]).toEqual({ precision: null, recall: 0, f1: null, support: 1 });
  });

  it('says null, not zero, where there was no row', () => {
    const { accuracy, logLoss, f1, calibration } = new MulticlassMeter(2).result();
    expect([accuracy, logLoss, f1.macro, calibration.ece]).toEqual([null, null, null, null]);
  });
});

describe('MultilabelMeter', () => {
  const meter = new MultilabelMeter(4);
  for (const i of rows) {
    const has = (c: number) => Math.sin(i * 7 + c * 3 + (i % 4 === 0 ? 2.5 : 0)) > 0.2;
    meter.add(
      new Set(classes.filter(has)),
      logits(i).map((z) => 1 / (1 + Math.exp(-z))),
    );
  }
  const result = meter.result();

  it("has scikit-learn's values", () => {
    expect(result.exactMatch).toBeCloseTo(0.6, 12);
    expect(result.f1.macro).toBeCloseTo(0.7245806988647433, 12);
    expect(result.f1.micro).toBeCloseTo(0.7256637168141593, 12);
    expect(result.logLoss).toBeCloseTo(0.6234486056697933, 10);
    expectClose(asArrays(result.classes), [
      [0.7096774193548387, 0.8148148148148148, 0.7586206896551724, 27],
      [0.6896551724137931, 0.7692307692307693, 0.7272727272727273, 26],
      [0.7096774193548387, 0.7857142857142857, 0.7457627118644068, 28],
      [0.6, 0.75, 0.6666666666666666, 24],
    ]);
  });

  it('counts a label that the model does not know as a miss', () => {
    const other = new MultilabelMeter(1);
    expect(other.add(new Set([0, 1]), [0.9])).toBe(false);
    expect(other.result().classes[1]).toMatchObject({ recall: 0, support: 1 });
  });
});

describe('CalibrationBins', () => {
  it('puts a confidence on a boundary into the lower bin, and takes 0 and 1', () => {
    const bins = new CalibrationBins(4);
    for (const confidence of [0, 0.25, 0.26, 1]) bins.add(confidence, true);
    expect(bins.result().bins.map(({ count }) => count)).toEqual([2, 1, 0, 1]);
  });
});

describe('MultilabelMeter with thresholds', () => {
  it('decides on each label by its own', () => {
    const meter = new MultilabelMeter(2, [0.2, 0.9]);
    expect(meter.add(new Set([0]), [0.3, 0.8])).toBe(true);
    expect(meter.add(new Set([1]), [0.1, 0.8])).toBe(false);
  });
});

describe('PrecisionAtMeter', () => {
  it('is the share of gold labels among the k most probable, averaged over rows', () => {
    const meter = new PrecisionAtMeter([1, 2, 5]);
    meter.add(new Set([2, 0]), [0.3, 0.1, 0.9]);
    meter.add(new Set([1]), [0.5, 0.2, 0.5]);
    expect(meter.result()).toEqual([
      { k: 1, precision: 1 / 2 },
      { k: 2, precision: (1 + 0) / 2 },
      { k: 5, precision: (2 / 5 + 1 / 5) / 2 },
    ]);
  });

  it('takes the first of equally probable labels, and has no value without rows', () => {
    const meter = new PrecisionAtMeter([1]);
    expect(meter.result()).toEqual([{ k: 1, precision: null }]);
    meter.add(new Set([1]), [0.1, 0.7, 0.7]);
    expect(meter.result()).toEqual([{ k: 1, precision: 1 }]);
  });
});
