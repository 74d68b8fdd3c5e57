import { TrainyardError } from '../../errors';
import { shortened } from '../../support/words';
import { canonicalName, visibleName } from '../names';
import { nearestName } from './suggest';

const commonDelimiters = [',', ';', '\t', '|'];

/** Where each wanted column stands in a CSV header. Names are compared as `canonicalName` says. */
export function findColumns(
  file: string,
  header: readonly string[],
  wanted: readonly string[],
  delimiter: string,
): number[] {
  const names = header.map(canonicalName);
  return wanted.map((column) => {
    const name = canonicalName(column);
    const at = names.indexOf(name);
    if (at === -1) throw unknownColumn(file, names, column, delimiter);
    if (names.indexOf(name, at + 1) !== -1) throw duplicateColumn(file, names, column);
    return at;
  });
}

function unknownColumn(
  file: string,
  names: string[],
  column: string,
  delimiter: string,
): TrainyardError {
  const near = nearestName(column, names);
  const hint =
    near === undefined ? otherDelimiter(names, delimiter) : ` Did you mean "${shownName(near)}"?`;
  return new TrainyardError(
    'data',
    'unknown_column',
    `column "${shownName(column)}" is not in ${file} (columns: ${listNames(names)}).${hint}`,
  );
}

function duplicateColumn(file: string, names: string[], column: string): TrainyardError {
  return new TrainyardError(
    'data',
    'duplicate_column',
    `column "${shownName(column)}" stands more than once in ${file} (columns: ${listNames(names)}). ` +
      'Rename or remove all but one.',
  );
}

/** A header in one piece was most likely written with another delimiter. */
function otherDelimiter(names: string[], delimiter: string): string {
  if (names.length !== 1) return ' The first line must name the columns.';
  const likely = commonDelimiters.find((d) => d !== delimiter && names[0]!.includes(d));
  if (likely === undefined) return ' The first line must name the columns.';
  return ` The file seems to be separated by ${JSON.stringify(likely)}: set the option delimiter.`;
}

/** The first 20 names, for a message. */
export function listNames(names: readonly string[]): string {
  const list = names.slice(0, 20).map(shownName).join(', ');
  return names.length > 20 ? `${list}, and ${names.length - 20} more` : list;
}

/** A name from a file, cut to a readable length, with what nobody sees and what would disturb a log line written out. */
export function shownName(name: string): string {
  return visibleName(shortened(name.trim(), 60));
}
