import { grown } from './growing';
import type { RowGradients } from './parameters';

/** Adds up gradients of a table's rows; each row stands in the sum once, in the order of first meeting. */
export class RowGradientSum {
  private readonly placeOf: Int32Array;
  private rows = new Int32Array(0);
  private values = new Float32Array(0);
  private count = 0;

  constructor(
    rows: number,
    private readonly width: number,
  ) {
    this.placeOf = new Int32Array(rows).fill(-1);
  }

  add({ rows, values }: RowGradients, weight: number): void {
    const { placeOf, width } = this;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      let place = placeOf[row];
      if (place === undefined) {
        throw new RangeError(`Row ${row} is not in a table of ${placeOf.length} rows.`);
      }
      if (place < 0) place = this.open(row);
      addScaled(this.values, place * width, values, i * width, width, weight);
    }
  }

  sum(): RowGradients {
    return {
      rows: this.rows.subarray(0, this.count),
      values: this.values.subarray(0, this.count * this.width),
    };
  }

  clear(): void {
    for (let i = 0; i < this.count; i++) this.placeOf[this.rows[i]!] = -1;
    this.values.fill(0, 0, this.count * this.width);
    this.count = 0;
  }

  private open(row: number): number {
    const place = this.count++;
    this.rows = grown(this.rows, this.count);
    this.values = grown(this.values, this.count * this.width);
    this.rows[place] = row;
    this.placeOf[row] = place;
    return place;
  }
}

/** target[at + j] += weight · source[from + j] */
export function addScaled(
  target: Float32Array,
  at: number,
  source: Float32Array,
  from: number,
  length: number,
  weight: number,
): void {
  for (let j = 0; j < length; j++) target[at + j]! += weight * source[from + j]!;
}
