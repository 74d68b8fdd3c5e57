import { adamwUpdate, type AdamWOptions, type AdamWStep } from './adamw';
import { grown } from './growing';
import type { EmbeddingTable, RowGradients, TableReader } from './parameters';
import type { StateArray } from './snapshot';
import { StepHistory } from './stepHistory';

export interface SparseAdamWOptions extends AdamWOptions {
  /** @default 0 */
  weightDecay?: number | undefined;
}

/** Rows that training changed, and what weight decay did to all the others. */
export interface TableOverlay {
  rows: Int32Array;
  /** `rows.length` × width */
  values: Float32Array;
  /** Each row that is not in `rows` is its first value times this. */
  shrink: number;
}

/** Momentum below this part of its last value no longer moves a weight in single precision. */
const forgotten = 1e-9;

/** Rows of a slice that is caught up: at most some 50 ms of work. */
const sliceRows = 256;

/**
 * AdamW for an embedding table of which each step touches few rows. The result is that of AdamW over the
 * whole table, in which a row without gradient still drifts by its momentum and shrinks by weight
 * decay; but a row catches up on the steps that it missed only when it is read or touched again. So a
 * step costs what the rows touched cost, and never more than the dense step.
 *
 * The table itself is never written: rows that had a gradient live in an overlay, with their moments.
 */
export class SparseAdamW implements TableReader {
  readonly rows: number;
  readonly width: number;
  private readonly slotOf: Int32Array;
  private readonly history: StepHistory;
  private readonly memory: number;
  private readonly beta1: number;
  private readonly beta2: number;
  /** Per slot: its row, and how many steps its values and moments have seen. */
  private rowOf = new Int32Array(0);
  private seen = new Int32Array(0);
  private values = new Float32Array(0);
  private m = new Float32Array(0);
  private v = new Float32Array(0);
  private slots = 0;

  constructor(
    private readonly table: EmbeddingTable,
    options: SparseAdamWOptions = {},
  ) {
    const { beta1 = 0.9, beta2 = 0.999, weightDecay = 0 } = options;
    this.width = table.width;
    this.rows = table.values.length / table.width;
    this.slotOf = new Int32Array(this.rows).fill(-1);
    this.history = new StepHistory(options, weightDecay);
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.memory = Math.ceil(Math.log(forgotten) / Math.log(beta1));
  }

  gather(rows: Int32Array, into: Float32Array): void {
    const { width, slotOf, table, history } = this;
    const shrink = history.shrink(0, history.steps);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const slot = slotOf[row];
      if (slot === undefined) throw new RangeError(rowMessage(row, this.rows));
      if (slot < 0) copyScaled(table.values, row * width, into, i * width, width, shrink);
      else {
        this.catchUp(slot);
        copyScaled(this.values, slot * width, into, i * width, width, 1);
      }
    }
  }

  /**
   * One optimizer step; also to be called for a step that touched no row.
   *
   * @param gradients each row at most once
   * @param scale what the gradients are multiplied with
   */
  update({ rows, values }: RowGradients, rate: number, scale: number): void {
    const { width } = this;
    for (const row of rows) {
      const slot = this.slotOf[row];
      if (slot === undefined) throw new RangeError(rowMessage(row, this.rows));
      if (slot < 0) this.open(row);
      else this.catchUp(slot);
    }
    this.history.push(rate);
    const step = this.history.step(this.history.steps - 1);
    for (let i = 0; i < rows.length; i++) {
      const slot = this.slotOf[rows[i]!]!;
      this.move(slot, step, values, i * width, scale);
      this.seen[slot] = this.history.steps;
    }
  }

  /** A copy of the rows changed so far, up to date. Works in slices: it yields between them. */
  *overlay(): Generator<void, TableOverlay> {
    for (let slot = 0; slot < this.slots; slot++) {
      this.catchUp(slot);
      if (slot % sliceRows === sliceRows - 1) yield;
    }
    return {
      rows: this.rowOf.slice(0, this.slots),
      values: this.values.slice(0, this.slots * this.width),
      shrink: this.history.shrink(0, this.history.steps),
    };
  }

  /** All of its state by name, as views; `restore` takes them up to the same bytes. */
  state(): Record<string, StateArray> {
    const cells = this.slots * this.width;
    return {
      rates: this.history.past(),
      rows: this.rowOf.subarray(0, this.slots),
      seen: this.seen.subarray(0, this.slots),
      values: this.values.subarray(0, cells),
      m: this.m.subarray(0, cells),
      v: this.v.subarray(0, cells),
    };
  }

  /**
   * Takes up the state of an optimizer that was made with the same table and options.
   *
   * @param state an array of it by name, which is this optimizer's own from then on
   */
  restore(state: (name: string) => StateArray | undefined): void {
    const of = <T extends StateArray>(name: string, type: new () => T, length?: number): T => {
      const array = state(name);
      if (!(array instanceof type) || (length !== undefined && array.length !== length)) {
        throw new Error(
          `The snapshot's array "${name}" of an embedding table is missing or wrong.`,
        );
      }
      return array;
    };
    const rows = of('rows', Int32Array);
    if (rows.some((row) => row < 0 || row >= this.rows)) {
      throw new Error(`The snapshot is of another table: this one has ${this.rows} rows.`);
    }
    this.slots = rows.length;
    this.rowOf = rows;
    this.slotOf.fill(-1);
    rows.forEach((row, slot) => (this.slotOf[row] = slot));
    this.seen = of('seen', Int32Array, this.slots);
    this.values = of('values', Float32Array, this.slots * this.width);
    this.m = of('m', Float32Array, this.slots * this.width);
    this.v = of('v', Float32Array, this.slots * this.width);
    this.history.restore(of('rates', Float64Array));
  }

  private open(row: number): void {
    const { width, history } = this;
    const slot = this.slots++;
    const cells = this.slots * width;
    this.rowOf = grown(this.rowOf, this.slots);
    this.seen = grown(this.seen, this.slots);
    this.values = grown(this.values, cells);
    this.m = grown(this.m, cells);
    this.v = grown(this.v, cells);
    const shrink = history.shrink(0, history.steps);
    copyScaled(this.table.values, row * width, this.values, slot * width, width, shrink);
    this.rowOf[slot] = row;
    this.slotOf[row] = slot;
  }

  /** Takes the steps that the row missed: with momentum while it matters, then with decay alone. */
  private catchUp(slot: number): void {
    const { history } = this;
    const from = this.seen[slot]!;
    if (from === history.steps) return;
    const drifting = Math.min(history.steps, from + this.memory);
    for (let step = from; step < drifting; step++) {
      // Any finite numbers do as gradients here: they count 0 times.
      this.move(slot, history.step(step), this.m, 0, 0);
    }
    const rest = history.steps - drifting;
    if (rest > 0) {
      const [at, end] = [slot * this.width, (slot + 1) * this.width];
      scale(this.values, at, end, history.shrink(drifting, history.steps));
      scale(this.m, at, end, rest > this.memory ? 0 : this.beta1 ** rest);
      scale(this.v, at, end, this.beta2 ** rest);
    }
    this.seen[slot] = history.steps;
  }

  private move(
    slot: number,
    step: AdamWStep,
    gradients: Float32Array,
    gradientsAt: number,
    factor: number,
  ): void {
    const at = slot * this.width;
    const { values, m, v } = this;
    adamwUpdate(values, gradients, m, v, at, at + this.width, step, factor, gradientsAt);
  }
}

/** A table with an overlay laid over it. */
export function overlaid({ values, width }: EmbeddingTable, overlay: TableOverlay): Float32Array {
  const whole = new Float32Array(values.length);
  copyScaled(values, 0, whole, 0, values.length, overlay.shrink);
  overlay.rows.forEach((row, i) =>
    whole.set(overlay.values.subarray(i * width, (i + 1) * width), row * width),
  );
  return whole;
}

function copyScaled(
  source: Float32Array,
  from: number,
  target: Float32Array,
  at: number,
  length: number,
  factor: number,
): void {
  for (let j = 0; j < length; j++) target[at + j] = factor * source[from + j]!;
}

function scale(values: Float32Array, from: number, to: number, factor: number): void {
  for (let i = from; i < to; i++) values[i]! *= factor;
}

function rowMessage(row: number, rows: number): string {
  return `Row ${row} is not in a table of ${rows} rows.`;
}
