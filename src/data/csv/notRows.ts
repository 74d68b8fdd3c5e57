import { counted } from '../../support/words';

/** What stands in files between rows without being one. */
export type NotRow = 'preamble' | 'separator' | 'repeated header' | 'ruler' | 'only delimiters';

const said: Record<NotRow, [one: string, many: string]> = {
  preamble: ['line above the header was passed over', 'lines above the header were passed over'],
  separator: [
    'line only names the delimiter (sep=) and was passed over',
    'lines only name the delimiter (sep=) and were passed over',
  ],
  'repeated header': [
    'line repeats the header and was passed over',
    'lines repeat the header and were passed over',
  ],
  ruler: [
    'line only underlines the header and was passed over',
    'lines only underline the header and were passed over',
  ],
  'only delimiters': [
    'line holds only delimiters and was passed over',
    'lines hold only delimiters and were passed over',
  ],
};

/** Counts lines that are no rows, by kind. */
export class NotRows {
  private readonly found = new Map<NotRow, { count: number; first: number }>();

  add(kind: NotRow, line: number): void {
    const entry = this.found.get(kind) ?? { count: 0, first: line };
    entry.count++;
    this.found.set(kind, entry);
  }

  /** A sentence a kind, with its first line. */
  notes(): { line: number; message: string }[] {
    return [...this.found].map(([kind, { count, first }]) => {
      const message = counted(count, ...said[kind]);
      return { line: first, message: count === 1 ? message : `${message}; this is the first` };
    });
  }
}

/** The delimiter that a line `sep=;` names, which Excel reads and writes above a table. */
export function namedDelimiter(line: string): string | undefined {
  return /^"?sep=([^"\r\n])"?$/i.exec(line)?.[1];
}
