import { labelsOf } from './labelCell';
import { numberLabels } from './labelTable';

/** Numbers the labels of rows as the model does; a label that it does not know gets a number beyond. */
export class GoldLabels {
  readonly names: string[];
  /** Rows by unknown label. */
  readonly unknown = new Map<string, number>();
  private readonly numbers: Map<string, number>;

  constructor(
    labels: readonly string[],
    private readonly delimiter: string | null,
  ) {
    this.names = [...labels];
    this.numbers = numberLabels(labels);
  }

  /** The numbers of a cell's labels; one at most without a delimiter. */
  of(cell: string): number[] {
    return labelsOf(cell, this.delimiter).map((label) => this.numberOf(label));
  }

  private numberOf(label: string): number {
    const known = this.numbers.get(label);
    if (known !== undefined && !this.unknown.has(label)) return known;
    this.unknown.set(label, (this.unknown.get(label) ?? 0) + 1);
    if (known !== undefined) return known;
    const number = this.names.push(label) - 1;
    this.numbers.set(label, number);
    return number;
  }
}
