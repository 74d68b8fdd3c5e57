import { TrainyardError } from '../../errors';
import type { Charset } from '../charset/charset';
import { shownName } from './header';

/** `column 2 ("label")`, from a place counted from 0. */
export function columnPlace(place: number, header: readonly string[] | undefined): string {
  const name = shownName(header?.[place] ?? '');
  return name ? `column ${place + 1} ("${name}")` : `column ${place + 1}`;
}

export function tooLong(limit: number): string {
  return `longer than ${Math.round(limit / (1 << 20))} MiB`;
}

/** The reader lost a row: ours to mend, and never to be passed over. */
export function unaccounted(file: string, given: number, lines: number): TrainyardError {
  return new TrainyardError(
    'bug',
    'rows_unaccounted',
    `the rows found in ${file} have ${given} lines and the file has ${lines}: report this with the file`,
    500,
  );
}

/** Names the charset in an error that it may be the reason of. */
export function withCharset(error: unknown, charset: Charset): unknown {
  if (!(error instanceof TrainyardError) || charset.name === 'utf-8') return error;
  const hint = `The file is not UTF-8 and was read as ${charset.name}: if letters look wrong, set the option charset.`;
  return new TrainyardError(error.kind, error.code, `${error.message} ${hint}`, error.status);
}
