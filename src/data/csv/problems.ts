import { TrainyardError } from '../../errors';
import { shownName } from './header';

/** `column 2 ("label")`, from a place counted from 0. */
export function columnPlace(place: number, header: readonly string[] | undefined): string {
  const name = shownName(header?.[place] ?? '');
  return name ? `column ${place + 1} ("${name}")` : `column ${place + 1}`;
}

export function unclosedQuote(file: string, line: number, place: string): TrainyardError {
  return new TrainyardError(
    'data',
    'unclosed_quote',
    `a quote that opens in the row at line ${line} of ${file}, ${place}, is never closed. ` +
      'Close it, or write a quote inside quotes twice ("").',
  );
}

export function rowTooLarge(file: string, line: number, limit: number): TrainyardError {
  return new TrainyardError(
    'limit',
    'row_too_large',
    `the row at line ${line} of ${file} is longer than ${Math.round(limit / (1 << 20))} MiB. ` +
      'Shorten it; if it should not be that long, look there for a quote that is not closed.',
  );
}
