/** One bin of a reliability diagram: predictions with a confidence in (from, to]. */
export interface CalibrationBin {
  from: number;
  to: number;
  count: number;
  /** Mean confidence and share of correct predictions; null in an empty bin. */
  confidence: number | null;
  accuracy: number | null;
}

export interface Calibration {
  /** Expected calibration error, 0 to 1: the gap between confidence and accuracy, averaged over predictions. */
  ece: number | null;
  bins: CalibrationBin[];
}

/** Expected calibration error with bins of equal width (Guo et al. 2017, "On Calibration of Modern Neural Networks"). */
export class CalibrationBins {
  private readonly counts: Float64Array;
  private readonly confidences: Float64Array;
  private readonly correct: Float64Array;

  /** @param size number of bins; 15 as in the paper @default 15 */
  constructor(private readonly size = 15) {
    this.counts = new Float64Array(size);
    this.confidences = new Float64Array(size);
    this.correct = new Float64Array(size);
  }

  add(confidence: number, correct: boolean): void {
    const bin = Math.max(0, Math.min(this.size, Math.ceil(confidence * this.size)) - 1);
    this.counts[bin]!++;
    this.confidences[bin]! += confidence;
    if (correct) this.correct[bin]!++;
  }

  result(): Calibration {
    const total = this.counts.reduce((a, b) => a + b, 0);
    let gaps = 0;
    const bins = Array.from(this.counts, (count, i): CalibrationBin => {
      gaps += Math.abs(this.confidences[i]! - this.correct[i]!);
      return {
        from: i / this.size,
        to: (i + 1) / this.size,
        count,
        confidence: count > 0 ? this.confidences[i]! / count : null,
        accuracy: count > 0 ? this.correct[i]! / count : null,
      };
    });
    return { ece: total > 0 ? gaps / total : null, bins };
  }
}
