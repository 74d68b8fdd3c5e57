/**
 * Consecutive rows of a sparse matrix. Entry ids run from 0 to features − 1; row r holds the entries
 * from `starts[r]` to before `starts[r + 1]`. Backed by shared memory when threads read it.
 */
export interface RowBlock {
  rows: number;
  starts: Int32Array;
  ids: Int32Array;
  values: Float32Array;
}

/** All rows, one block at a time. What the blocks are is fixed by the data, never by free memory. */
export interface RowBlocks {
  features: number;
  rows: number;
  /** First row of each block, and last the number of rows. */
  firstRows: number[];
  /** The block; good until the next call. */
  load(block: number): RowBlock;
}

/** Rows that fit in one block. */
export function singleBlock(block: RowBlock, features: number): RowBlocks {
  return { features, rows: block.rows, firstRows: [0, block.rows], load: () => block };
}

/** Σ value² of each row, into `into` from place `at` on. */
export function squaredNorms(block: RowBlock, into: Float64Array, at: number): void {
  const { rows, starts, values } = block;
  for (let r = 0; r < rows; r++) {
    let sum = 0;
    for (let e = starts[r]!; e < starts[r + 1]!; e++) sum += values[e]! * values[e]!;
    into[at + r] = sum;
  }
}

/** The product of one row with a weight per feature; four sums at a time, since one would wait for itself. */
export function rowDot(block: RowBlock, row: number, weights: Float64Array): number {
  const { ids, values, starts } = block;
  const end = starts[row + 1]!;
  let e = starts[row]!;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (; e + 3 < end; e += 4) {
    a += values[e]! * weights[ids[e]!]!;
    b += values[e + 1]! * weights[ids[e + 1]!]!;
    c += values[e + 2]! * weights[ids[e + 2]!]!;
    d += values[e + 3]! * weights[ids[e + 3]!]!;
  }
  for (; e < end; e++) a += values[e]! * weights[ids[e]!]!;
  return a + b + (c + d);
}

/** weights += factor × row; four at a time, which takes half as long. */
export function addRow(block: RowBlock, row: number, factor: number, weights: Float64Array): void {
  const { ids, values, starts } = block;
  const end = starts[row + 1]!;
  let e = starts[row]!;
  for (; e + 3 < end; e += 4) {
    const a = ids[e]!;
    const b = ids[e + 1]!;
    const c = ids[e + 2]!;
    const d = ids[e + 3]!;
    weights[a]! += factor * values[e]!;
    weights[b]! += factor * values[e + 1]!;
    weights[c]! += factor * values[e + 2]!;
    weights[d]! += factor * values[e + 3]!;
  }
  for (; e < end; e++) weights[ids[e]!]! += factor * values[e]!;
}
