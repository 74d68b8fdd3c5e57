import { OutOfFoldScores } from '../train/outOfFoldScores';
import type { FeatureSummary } from '../preprocess/features';

/** Writes what models said of rows that they had not seen, as trainings of n-grams do; see OutOfFoldScores. */
export class OutOfFoldWriter {
  private readonly scores: OutOfFoldScores;
  private readonly labels: number;

  constructor({ head, rows, labels }: FeatureSummary) {
    this.labels = labels.length;
    this.scores = new OutOfFoldScores(head, rows);
  }

  /** @param logits calibrated, rows × labels */
  add(rows: Int32Array, logits: Float32Array): void {
    const { labels } = this;
    const calibrated = {
      scale: new Float64Array(labels).fill(1),
      shift: new Float64Array(labels),
    };
    this.scores.add(rows, logits, labels, calibrated);
  }

  write(dir: string): void {
    this.scores.write(dir);
  }
}
