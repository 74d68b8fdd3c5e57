import type { Gradients, ParameterView } from './parameters';
import { addScaled, RowGradientSum } from './rowGradientSum';

/** Gradient accumulation: the weighted sum of the gradients of a batch's parts. */
export class GradientSum {
  private own: Float32Array | undefined;
  private borrowed: Float32Array | undefined;
  private readonly rowSums: RowGradientSum[];
  private added = 0;
  private weights = 0;

  constructor(private readonly parameters: ParameterView) {
    this.rowSums = parameters.tables.map(({ rows, width }) => new RowGradientSum(rows, width));
  }

  /**
   * @param weight of this part, such as its number of rows
   * @param only nothing else will be added: the dense gradients are used where they are, not copied
   */
  add(gradients: Gradients, weight: number, only = false): void {
    const { dense, tables } = this.parameters;
    if (gradients.dense.length !== dense.length || gradients.tables.length !== tables.length) {
      throw new RangeError(
        `The gradients of ${gradients.dense.length} parameters and ${gradients.tables.length} ` +
          `tables do not belong to ${dense.length} parameters and ${tables.length} tables.`,
      );
    }
    if (only) this.borrowed = gradients.dense;
    else {
      this.own ??= new Float32Array(dense.length);
      if (this.added === 0) this.own.fill(0);
      addScaled(this.own, 0, gradients.dense, 0, dense.length, weight);
    }
    gradients.tables.forEach((rows, t) => this.rowSums[t]!.add(rows, only ? 1 : weight));
    this.added++;
    this.weights += only ? 1 : weight;
  }

  /** The weighted sum so far, and the sum of the weights that it is still to be divided by. */
  sum(): { gradients: Gradients; weight: number } {
    const dense = this.borrowed ?? this.own ?? new Float32Array(this.parameters.dense.length);
    return {
      gradients: { dense, tables: this.rowSums.map((rows) => rows.sum()) },
      weight: this.weights,
    };
  }

  clear(): void {
    this.borrowed = undefined;
    this.added = 0;
    this.weights = 0;
    for (const rows of this.rowSums) rows.clear();
  }
}
