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

const signatures: [string, string][] = [
  ['PK\x03\x04', 'a zip archive or an Excel workbook'],
  ['\xd0\xcf\x11\xe0', 'an old Excel workbook'],
  ['\x1f\x8b', 'a gzip archive'],
  ['%PDF-', 'a PDF'],
  ['PAR1', 'a Parquet file'],
];

/** Refuses well-known binary files that were given a CSV file's name. */
export function refuseBinary(file: string, start: Buffer): void {
  const head = start.toString('latin1', 0, 8);
  const found = signatures.find(([signature]) => head.startsWith(signature));
  if (!found) return;
  throw new TrainyardError(
    'data',
    'not_csv',
    `${file} is not a CSV file but ${found[1]}. Save it as CSV (UTF-8) and upload that.`,
  );
}
