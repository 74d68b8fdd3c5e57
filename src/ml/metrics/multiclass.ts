import { type Calibration, CalibrationBins } from './calibration';
import { ClassCounts, type ClassMetrics, type F1Averages } from './classCounts';
import { Confusion } from './confusion';

/** Metrics of a classifier that gives each row one label. Null where there was no row. */
export interface MulticlassMetrics {
  rows: number;
  accuracy: number | null;
  f1: F1Averages;
  /** Mean of −ln of the gold label's probability. */
  logLoss: number | null;
  /** Of the predicted label's probability. */
  calibration: Calibration;
  /** By class number. */
  classes: ClassMetrics[];
}

/** Float32's step at 1: a probability of exactly 0 would make the log loss infinite. */
export const smallestProbability = 2 ** -23;

/** Collects predictions row by row; keeps counts, never rows. */
export class MulticlassMeter {
  readonly confusion = new Confusion();
  private readonly counts: ClassCounts;
  private readonly bins = new CalibrationBins();
  private rows = 0;
  private correct = 0;
  private loss = 0;

  constructor(labels: number) {
    this.counts = new ClassCounts(labels);
  }

  /**
   * @param gold the row's label; one beyond `probabilities` is a label that the model does not know
   * @returns the predicted label: the first of the highest
   */
  add(gold: number, probabilities: ArrayLike<number>): number {
    const predicted = highest(probabilities);
    const hit = predicted === gold;
    this.rows++;
    this.loss -= Math.log(clip(probabilities[gold] ?? 0));
    this.bins.add(probabilities[predicted]!, hit);
    this.confusion.add(gold, predicted);
    if (hit) {
      this.correct++;
      this.counts.hit(gold);
    } else {
      this.counts.falseAlarm(predicted);
      this.counts.miss(gold);
    }
    return predicted;
  }

  result(): MulticlassMetrics {
    const mean = (sum: number) => (this.rows === 0 ? null : sum / this.rows);
    return {
      rows: this.rows,
      accuracy: mean(this.correct),
      f1: this.counts.averages(),
      logLoss: mean(this.loss),
      calibration: this.bins.result(),
      classes: this.counts.classes(),
    };
  }
}

export function clip(probability: number): number {
  return Math.min(1 - smallestProbability, Math.max(smallestProbability, probability));
}

function highest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
