import { type Calibration, CalibrationBins } from './calibration';
import { ClassCounts, type ClassMetrics, type F1Averages } from './classCounts';
import { clip } from './multiclass';

/** Metrics of a classifier that decides on each label by itself. Null where there was no row. */
export interface MultilabelMetrics {
  rows: number;
  /** Rows whose set of labels was predicted exactly. */
  exactMatch: number | null;
  f1: F1Averages;
  /** Mean binary log loss over rows and labels. */
  logLoss: number | null;
  /** Of each label's probability, against the share of rows that have the label. */
  calibration: Calibration;
  /** By label number. */
  classes: ClassMetrics[];
}

/** From here on a label counts as predicted, unless it has a threshold of its own. */
export const decisionThreshold = 0.5;

/** Collects predictions row by row; keeps counts, never rows. */
export class MultilabelMeter {
  private readonly counts: ClassCounts;
  private readonly bins = new CalibrationBins();
  private rows = 0;
  private exact = 0;
  private loss = 0;

  /** @param thresholds from which probability on each label counts as predicted. @default 0.5 for all */
  constructor(
    private readonly labels: number,
    private readonly thresholds?: ArrayLike<number>,
  ) {
    this.counts = new ClassCounts(labels);
  }

  /**
   * @param gold the row's labels; those beyond `probabilities` are unknown to the model, and missed
   * @returns whether the row's labels were predicted exactly
   */
  add(gold: ReadonlySet<number>, probabilities: ArrayLike<number>): boolean {
    let exact = true;
    for (let label = 0; label < this.labels; label++) {
      const probability = probabilities[label]!;
      const has = gold.has(label);
      this.loss -= Math.log(clip(has ? probability : 1 - probability));
      this.bins.add(probability, has);
      const predicted = probability >= (this.thresholds?.[label] ?? decisionThreshold);
      if (predicted !== has) exact = false;
      if (predicted && has) this.counts.hit(label);
      else if (predicted) this.counts.falseAlarm(label);
      else if (has) this.counts.miss(label);
    }
    for (const label of gold) {
      if (label < this.labels) continue;
      this.counts.miss(label);
      exact = false;
    }
    this.rows++;
    if (exact) this.exact++;
    return exact;
  }

  result(): MultilabelMetrics {
    const rows = this.rows;
    return {
      rows,
      exactMatch: rows === 0 ? null : this.exact / rows,
      f1: this.counts.averages(),
      logLoss: rows === 0 ? null : this.loss / (rows * this.labels),
      calibration: this.bins.result(),
      classes: this.counts.classes(),
    };
  }
}
