/** Rows of one gold class that were predicted as one class. */
export interface ConfusionCell {
  gold: number;
  predicted: number;
  count: number;
}

const stride = 2 ** 24;

/** A confusion matrix that keeps only the cells that occur, since most of thousands × thousands stay empty. */
export class Confusion {
  private readonly cells = new Map<number, number>();

  add(gold: number, predicted: number): void {
    const key = gold * stride + predicted;
    this.cells.set(key, (this.cells.get(key) ?? 0) + 1);
  }

  /** The most frequent mistakes, by count, then by class. */
  mistakes(limit: number): ConfusionCell[] {
    return [...this.entries()]
      .filter(({ gold, predicted }) => gold !== predicted)
      .sort((a, b) => b.count - a.count || a.gold - b.gold || a.predicted - b.predicted)
      .slice(0, limit);
  }

  /** Counts among some classes: `matrix[i][j]` are the rows of `classes[i]` predicted as `classes[j]`. */
  matrix(classes: readonly number[]): number[][] {
    return classes.map((gold) =>
      classes.map((predicted) => this.cells.get(gold * stride + predicted) ?? 0),
    );
  }

  /** The classes with the most rows that were mistaken for another or by another, in class order. */
  busiest(limit: number): number[] {
    const mistakes = new Map<number, number>();
    for (const { gold, predicted, count } of this.entries()) {
      const weight = gold === predicted ? 0 : count;
      mistakes.set(gold, (mistakes.get(gold) ?? 0) + weight);
      mistakes.set(predicted, (mistakes.get(predicted) ?? 0) + weight);
    }
    return [...mistakes]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, limit)
      .map(([label]) => label)
      .sort((a, b) => a - b);
  }

  private *entries(): IterableIterator<ConfusionCell> {
    for (const [key, count] of this.cells) {
      yield { gold: Math.floor(key / stride), predicted: key % stride, count };
    }
  }
}
