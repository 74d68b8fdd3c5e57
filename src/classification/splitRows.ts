import { randomAt, streamKey } from '../ml/random/counterRandom';

/**
 * Chooses the rows to put aside: about `share` of each label's, at random by the seed. Rows with the
 * same text stay together, and a label keeps at least one row to learn from.
 *
 * @param groups the first row with the same text, per row
 * @param labels a label number per row, by which the choice is stratified
 * @returns 1 for each row put aside, else 0
 */
export function splitRows(
  groups: Int32Array,
  labels: Int32Array,
  labelCount: number,
  share: number,
  seed: number,
): Uint8Array {
  const sizes = new Int32Array(groups.length);
  for (const first of groups) sizes[first]!++;
  const byLabel: number[][] = Array.from({ length: labelCount }, () => []);
  const rows = new Int32Array(labelCount);
  for (let row = 0; row < groups.length; row++) {
    if (groups[row] !== row) continue;
    byLabel[labels[row]!]!.push(row);
    rows[labels[row]!]! += sizes[row]!;
  }
  const aside = new Uint8Array(groups.length);
  // What one label's share leaves below a whole row goes to the next label.
  let owed = 0;
  for (const [label, firsts] of byLabel.entries()) {
    owed += share * rows[label]!;
    const key = streamKey(seed, 0x5b117, label);
    const order = firsts
      .map((row) => ({ row, place: randomAt(key, row) }))
      .sort((a, b) => a.place - b.place || a.row - b.row);
    let left = rows[label]!;
    for (const { row } of order) {
      const size = sizes[row]!;
      if (size > owed + 0.5 || left - size < 1) continue;
      aside[row] = 1;
      owed -= size;
      left -= size;
    }
  }
  for (let row = 0; row < groups.length; row++) aside[row] = aside[groups[row]!]!;
  return aside;
}
