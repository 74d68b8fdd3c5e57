import type { DatasetWriter } from '../../../data/dataset';
import { canonicalName } from '../../../data/names';
import type { RowTally, FileTally } from '../../../rows/rowTally';
import type { TakeRow } from '../../../rows/rowFormat';
import { fitsInCell, listCell, unfitForCell } from '../../../classification/labelCell';

/**
 * Labels lose outer white space; a row without a label is bad, but a list may be empty. So is a row with
 * a NUL, which no reader takes for text. A row without text is kept, since a deployed model meets such
 * texts too, and counted in a warning.
 */
export function rowTaker(
  writer: Pick<DatasetWriter, 'append'>,
  tally: RowTally,
  file: FileTally,
): TakeRow {
  return ([text, label], line) => {
    if (typeof text !== 'string' || label === undefined) throw new Error('a row has two cells');
    const names = [label].flat().map((name) => name.trim());
    const reason = reasonAgainst(text, names);
    if (reason !== undefined) return tally.bad(file, line(), reason);
    if (text.trim() === '') {
      const where = `the text of ${file.name}, line ${line()}, is empty; the row was kept`;
      tally.warn('empty_text', where, {
        one: 'more row has an empty text',
        many: 'more rows have an empty text',
      });
    }
    writer.append([text, typeof label === 'string' ? names[0]! : listCell(names)]);
    tally.good(file);
  };
}

function reasonAgainst(text: string, labels: readonly string[]): string | undefined {
  if (text.includes('\0')) return 'the text holds a NUL character (U+0000)';
  if (labels.some((label) => canonicalName(label) === '')) return 'the label is empty';
  if (labels.every(fitsInCell)) return undefined;
  return `the label ${unfitForCell}`;
}
