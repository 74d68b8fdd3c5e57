/** The labels of rows and what each row is for; arrays may be shared memory. */
export interface LabelledRows {
  labels: number;
  /** The labels of row r stand in `numbers` from `starts[r]` to before `starts[r + 1]`. */
  starts: Float64Array;
  numbers: Int32Array;
  /** 1 for a row that is learned from. */
  included: Uint8Array;
  /** The fold that leaves a row out, or −1 for none. */
  folds: Int8Array;
}

/** No fold: all included rows are learned from. */
export const noFold = -1;

/** +1 for a row with the label, −1 without it, 0 where it is left out. */
export function targetsOf(rows: LabelledRows, label: number, fold: number): Int8Array {
  const { starts, numbers, included, folds } = rows;
  const targets = new Int8Array(included.length);
  for (let row = 0; row < targets.length; row++) {
    if (included[row] === 0 || (fold !== noFold && folds[row] === fold)) continue;
    let target = -1;
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      if (numbers[at] === label) target = 1;
    }
    targets[row] = target;
  }
  return targets;
}

/** The rows that a fold leaves out, ascending. */
export function heldOut({ folds, included }: LabelledRows, fold: number): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < folds.length; row++) {
    if (included[row] === 1 && folds[row] === fold) rows.push(row);
  }
  return Int32Array.from(rows);
}
