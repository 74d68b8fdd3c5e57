import { adamwStep, adamwUpdate, type AdamWOptions } from './adamw';
import { squaredNorm } from './clipping';
import type { ParameterGroup } from './parameterGroups';
import type { Gradients, ParameterSet, ParameterView } from './parameters';
import type { SavedArrays, StateArray } from './snapshot';
import { SparseAdamW, type TableOverlay } from './sparseAdamW';

export interface OptimizerOptions extends AdamWOptions {
  /** The dense parameters that learn, and how; what lies in no group stays as it is. */
  groups: readonly ParameterGroup[];
  /** How each embedding table learns. */
  tables: readonly { weightDecay: number }[];
}

/** All parameters at one moment, of which the tables keep only what training changed. */
export interface ParameterCopy {
  dense: Float32Array;
  tables: TableOverlay[];
}

/** Dense parameters of one slice: some 20 ms of work. */
const sliceLength = 1 << 22;

/** AdamW over a model's dense parameters and its embedding tables. */
export class Optimizer implements ParameterView {
  /** Written in place. */
  readonly dense: Float32Array;
  readonly tables: readonly SparseAdamW[];
  private readonly m: Float32Array;
  private readonly v: Float32Array;
  private taken = 0;

  /** @param start is copied, but for the tables, which are read all along and must not change */
  constructor(
    start: ParameterSet,
    private readonly options: OptimizerOptions,
  ) {
    if (start.tables.length !== options.tables.length) {
      throw new RangeError(
        `${start.tables.length} embedding tables came with settings for ${options.tables.length}.`,
      );
    }
    this.dense = start.dense.slice();
    this.m = new Float32Array(start.dense.length);
    this.v = new Float32Array(start.dense.length);
    this.tables = start.tables.map(
      (table, t) => new SparseAdamW(table, { ...options, ...options.tables[t] }),
    );
  }

  get steps(): number {
    return this.taken;
  }

  /**
   * One step, in slices of some milliseconds: it yields between them, and is done when it returns.
   *
   * @param scale what the gradients are multiplied with, as for clipping
   */
  *step(gradients: Gradients, rate: number, scale: number): Generator<void, void> {
    this.taken++;
    for (const { offset, length, weightDecay } of this.options.groups) {
      const numbers = adamwStep(this.taken, rate, weightDecay, this.options);
      const end = offset + length;
      for (let from = offset; from < end; from += sliceLength) {
        const to = Math.min(end, from + sliceLength);
        adamwUpdate(this.dense, gradients.dense, this.m, this.v, from, to, numbers, scale);
        if (to - from === sliceLength) yield;
      }
    }
    for (const [t, table] of this.tables.entries()) {
      table.update(gradients.tables[t]!, rate, scale);
      yield;
    }
  }

  /** A copy of the parameters; yields between slices of the work. */
  *copy(): Generator<void, ParameterCopy> {
    const tables: TableOverlay[] = [];
    for (const table of this.tables) tables.push(yield* table.overlay());
    return { dense: this.dense.slice(), tables };
  }

  /** Parameters, moments and what else the next step depends on, by name, as views. */
  state(): Record<string, StateArray> {
    const state: Record<string, StateArray> = { dense: this.dense, m: this.m, v: this.v };
    this.tables.forEach((table, t) => {
      for (const [name, array] of Object.entries(table.state())) state[`table${t}.${name}`] = array;
    });
    return state;
  }

  /** Takes up the state after `steps` steps of an optimizer made with the same arguments. */
  restore(steps: number, state: SavedArrays): void {
    state.restoreInto(this.dense, 'dense');
    state.restoreInto(this.m, 'm');
    state.restoreInto(this.v, 'v');
    this.tables.forEach((table, t) => table.restore((name) => state.array(`table${t}.${name}`)));
    this.taken = steps;
  }
}

/** The norm of all gradients together; rows of a table must stand in it once. */
export function gradientNorm({ dense, tables }: Gradients): number {
  let sum = squaredNorm(dense);
  for (const { values } of tables) sum += squaredNorm(values);
  return Math.sqrt(sum);
}
