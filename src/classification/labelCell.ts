import { canonicalName } from '../data/names';

/**
 * Stands before each label of a cell that was given as a list. It is Unicode's unit separator, which no
 * label may hold, so such a cell is like no single label.
 */
const listMark = '\u001f';

/** A list of labels as a cell of the dataset; also of none or one. */
export function listCell(labels: readonly string[]): string {
  return labels.length === 0 ? listMark : labels.map((label) => listMark + label).join('');
}

export function isListCell(cell: string): boolean {
  return cell.startsWith(listMark);
}

/** Whether a label can stand in a cell. */
export function fitsInCell(label: string): boolean {
  return !label.includes(listMark) && !label.includes('\0');
}

/** Why a label cannot stand in a cell. */
export const unfitForCell = 'holds a control character (U+0000 or U+001F)';

/**
 * Splits one cell into its labels: a list, or a text that the delimiter cuts; without, the cell is the label.
 * Labels are names (see canonicalName): all that compares them gets them from here.
 */
export function labelsOf(cell: string, delimiter: string | null): string[] {
  const split = isListCell(cell) ? listMark : delimiter;
  if (split === null) return [canonicalName(cell)];
  const labels = cell.split(split).map(canonicalName);
  return [...new Set(labels.filter((label) => label !== ''))];
}

/** A cell as people read it. */
export function shownCell(cell: string): string {
  return labelsOf(cell, null).join(', ');
}
