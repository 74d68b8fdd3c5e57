/** How one class did. Undefined ratios (0 of 0) are null. */
export interface ClassMetrics {
  precision: number | null;
  recall: number | null;
  f1: number | null;
  /** Rows whose gold label this is. */
  support: number;
}

export interface F1Averages {
  /** Mean of the F1 of all classes that occur, as gold or as prediction; null when none does. */
  macro: number | null;
  /** F1 of all decisions together. */
  micro: number | null;
}

/** True positives, false positives and false negatives per class; grows with the classes that it meets. */
export class ClassCounts {
  private readonly truePositives: number[] = [];
  private readonly falsePositives: number[] = [];
  private readonly falseNegatives: number[] = [];

  constructor(classes: number) {
    this.reserve(classes - 1);
  }

  hit(label: number): void {
    this.reserve(label);
    this.truePositives[label]!++;
  }

  /** `label` was predicted for a row that has not got it. */
  falseAlarm(label: number): void {
    this.reserve(label);
    this.falsePositives[label]!++;
  }

  /** A row has `label`, and it was not predicted. */
  miss(label: number): void {
    this.reserve(label);
    this.falseNegatives[label]!++;
  }

  classes(): ClassMetrics[] {
    return this.truePositives.map((tp, i) => {
      const fp = this.falsePositives[i]!;
      const fn = this.falseNegatives[i]!;
      const [precision, recall] = [ratio(tp, tp + fp), ratio(tp, tp + fn)];
      const f1 = precision === null || recall === null || tp === 0 ? null : f1Of(tp, fp, fn);
      return { precision, recall, f1, support: tp + fn };
    });
  }

  /** A class without a single hit has F1 0 here, as everywhere else. */
  averages(): F1Averages {
    let [tps, fps, fns, occurring, sum] = [0, 0, 0, 0, 0];
    this.truePositives.forEach((tp, i) => {
      const fp = this.falsePositives[i]!;
      const fn = this.falseNegatives[i]!;
      if (tp + fp + fn === 0) return;
      occurring++;
      sum += f1Of(tp, fp, fn);
      tps += tp;
      fps += fp;
      fns += fn;
    });
    if (occurring === 0) return { macro: null, micro: null };
    return { macro: sum / occurring, micro: f1Of(tps, fps, fns) };
  }

  private reserve(label: number): void {
    while (this.truePositives.length <= label) {
      this.truePositives.push(0);
      this.falsePositives.push(0);
      this.falseNegatives.push(0);
    }
  }
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function f1Of(tp: number, fp: number, fn: number): number {
  return (2 * tp) / (2 * tp + fp + fn);
}
