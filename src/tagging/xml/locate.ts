import { runSize } from './pieceText';
import type { XmlPiece } from './xmlPiece';

/** A place in UTF-16 units; ends are one past the last unit. */
export interface XmlSpan {
  /** In the text that was read. What a reference stands for has the place of the whole reference. */
  globalStart: number;
  globalEnd: number;
  /** In the element's own text (its text() nodes joined, decoded) or the attribute's value. */
  localStart: number;
  localEnd: number;
}

/**
 * Where a part of a piece's text stands. A part with text before and after a child takes in the child.
 *
 * @param start UTF-16 units in `piece.text`
 * @param end one past the last unit; a part has at least one
 * @throws RangeError when the piece has no such part
 */
export function locate(piece: XmlPiece, start: number, end: number): XmlSpan {
  if (!(start >= 0 && start < end && end <= piece.text.length)) {
    throw new RangeError(`${start} to ${end} is no part of a text of ${piece.text.length} units`);
  }
  const { globalStart, localStart } = locateUnit(piece, start);
  const { globalEnd, localEnd } = locateUnit(piece, end - 1);
  return { globalStart, globalEnd, localStart, localEnd };
}

function locateUnit({ text, runs }: XmlPiece, unit: number): XmlSpan {
  const run = runWith(runs, unit);
  const from = runs[run]!;
  const local = runs[run + 1]!;
  const globalStart = runs[run + 2]!;
  const globalEnd = runs[run + 3]!;
  const units = (runs[run + runSize] ?? text.length) - from;
  const nextLocal = runs[run + runSize + 1] ?? local + units;
  const localStart = Math.min(local + unit - from, nextLocal);
  const localEnd = Math.min(localStart + 1, nextLocal);
  if (units !== globalEnd - globalStart) return { globalStart, globalEnd, localStart, localEnd };
  const copied = globalStart + unit - from;
  return { globalStart: copied, globalEnd: copied + 1, localStart, localEnd };
}

/** The index of the last run that begins at the unit or before it. */
function runWith(runs: Int32Array, unit: number): number {
  let low = 0;
  let high = runs.length / runSize - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (runs[middle * runSize]! <= unit) low = middle;
    else high = middle - 1;
  }
  return low * runSize;
}
