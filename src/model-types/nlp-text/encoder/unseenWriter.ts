import { UnseenScores } from '../train/unseenScores';
import type { FeatureSummary } from '../preprocess/features';

/** Writes what models said of rows that they had not seen, as trainings of n-grams do; see UnseenScores. */
export class UnseenWriter {
  private readonly scores: UnseenScores;
  private readonly labels: number;

  constructor({ head, rows, labels }: FeatureSummary) {
    this.labels = labels.length;
    this.scores = new UnseenScores(head, rows);
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
