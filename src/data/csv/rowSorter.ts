import { TrainyardError } from '../../errors';
import type { Charset } from '../charset/charset';
import type { CsvOptions } from './csvReader';
import { findColumns } from './header';
import { namedDelimiter, NotRows } from './notRows';
import { columnPlace, withCharset } from './problems';
import type { CsvRecord, RecordReader } from './recordReader';
import { RowValues } from './rowValues';

/** What became of the lines of a file: each is in a good, bad, blank or other one, and in nothing else. */
export interface RowCounts {
  lines: number;
  good: number;
  bad: number;
  /** Without anything, or with delimiters only. */
  blank: number;
  /** The header, and what else is no row. */
  other: number;
}

/** How far down the header may stand. */
const mostAbove = 20;

/** Tells header, good rows, bad rows and what is no row apart. */
export class RowSorter {
  header?: string[];
  readonly counts: RowCounts = { lines: 0, good: 0, bad: 0, blank: 0, other: 0 };
  records!: RecordReader;
  private places: number[] = [];
  private values = new RowValues([]);
  /** Records before the header. */
  private readonly above: CsvRecord[] = [];
  private readonly notRows = new NotRows();
  private isBelowHeader = true;
  private toldOfBackslash = false;

  constructor(
    private readonly file: string,
    private readonly options: CsvOptions,
    private readonly charset: Charset,
  ) {}

  looksLikeRows(rows: readonly string[][]): boolean | undefined {
    return this.values.looksLikeRows(rows);
  }

  /** Whether a line is none of a record: `sep=;`, which also stands in the middle where files were put together. */
  isNoRecord(text: string): boolean {
    if (text.length > 9 || !this.records.isBetweenRecords) return false;
    const delimiter = namedDelimiter(text.replace('\ufeff', ''));
    if (delimiter === undefined) return false;
    if (!this.header && (this.options.delimiter ?? null) === null) {
      this.records.dialect = { ...this.records.dialect, delimiter };
    }
    this.notRows.add('separator', this.counts.lines + 1);
    this.counts.lines++;
    this.counts.other++;
    this.records.skipLine();
    return true;
  }

  record(record: CsvRecord): void {
    this.counts.lines += record.lines;
    const { cells, problem } = record;
    if (problem !== undefined) this.bad(record, problem);
    else if (cells.length === 1 && isBlank(cells[0]!)) this.counts.blank++;
    else if (!this.header) this.seekHeader(record);
    else this.row(record);
  }

  /** The end of the file. */
  finish(): void {
    if (!this.header && this.above.length > 0) this.adopt(this.above.shift()!);
    for (const { line, message } of this.notRows.notes()) {
      this.options.onNote?.({ line, code: 'not_a_row', message });
    }
  }

  /** Exports may have a title, a date or a comment above the header, which is the first line with all columns. */
  private seekHeader(record: CsvRecord): void {
    if (this.hasColumns(record.cells)) {
      for (const { line } of this.above) this.notRows.add('preamble', line);
      this.counts.other += this.above.length;
      this.adopt(record);
    } else {
      this.above.push(record);
      if (this.above.length > mostAbove) this.adopt(this.above[0]!);
    }
  }

  private hasColumns(cells: readonly string[]): boolean {
    try {
      findColumns(this.file, cells, this.options.columns, this.records.dialect.delimiter);
      return true;
    } catch (error) {
      return !(error instanceof TrainyardError && error.code === 'unknown_column');
    }
  }

  private adopt({ cells }: CsvRecord): void {
    this.options.onHeader?.(cells.map((name) => name.trim()));
    const { delimiter } = this.records.dialect;
    try {
      this.places = findColumns(this.file, cells, this.options.columns, delimiter);
    } catch (error) {
      throw withCharset(error, this.charset);
    }
    this.values = new RowValues(this.places);
    this.header = cells;
    this.records.fields = cells.length;
    this.counts.other++;
  }

  private row(record: CsvRecord): void {
    const { cells } = record;
    if (isBlank(cells[0]!) && cells.every(isBlank)) {
      this.counts.blank++;
      this.notRows.add('only delimiters', record.line);
      return;
    }
    if (this.isHeaderAgain(cells)) return this.other('repeated header', record);
    if (this.isBelowHeader && cells.every(isRuler)) return this.other('ruler', record);
    this.isBelowHeader = false;
    const reason = this.reasonAgainst(record);
    if (reason !== undefined) return this.bad(record, reason);
    this.counts.good++;
    if (record.lines === 1) this.values.add(cells);
    this.note(record);
    this.options.onRow(
      this.places.map((place) => cells[place]!),
      () => record.line,
    );
  }

  private other(kind: 'repeated header' | 'ruler', { line }: CsvRecord): void {
    this.counts.other++;
    this.notRows.add(kind, line);
    this.isBelowHeader = kind === 'repeated header';
  }

  private bad({ line }: CsvRecord, reason: string): void {
    this.counts.bad++;
    this.options.onBadRow({ line, reason });
  }

  private isHeaderAgain(cells: readonly string[]): boolean {
    const header = this.header!;
    if (cells.length !== header.length || cells[0]!.trim() !== header[0]!.trim()) return false;
    return cells.every((cell, i) => cell.trim() === header[i]!.trim());
  }

  private reasonAgainst(record: CsvRecord): string | undefined {
    const { cells } = record;
    const fields = this.header!.length;
    if (cells.length !== fields) {
      return `wrong number of fields: ${cells.length}, the header has ${fields}${this.aboutQuotes(record)}`;
    }
    for (const place of this.places) {
      const cell = cells[place]!;
      if (cell.includes('\0')) return `a NUL byte in ${columnPlace(place, this.header)}`;
      if (this.charset.damaged && cell.includes('\ufffd')) {
        return `bytes that are not ${this.charset.name} in ${columnPlace(place, this.header)}`;
      }
    }
    return undefined;
  }

  /** What may be the reason that a row has other fields than it should. */
  private aboutQuotes({ cells, literal, unclear, lines }: CsvRecord): string {
    if (cells.some((cell) => cell.includes('\\"'))) {
      return '; it has \\" in it: if that is a quote, set the option escape to a backslash';
    }
    if (literal !== undefined) {
      return `; a quote opens ${columnPlace(literal, this.header)} and is not closed`;
    }
    if (unclear) return '; write a quote inside quotes twice (""), or see the option quote';
    return lines > 1 ? `; a cell in quotes goes on over ${lines} lines` : '';
  }

  private note(record: CsvRecord): void {
    const { line, lines, literal, suspicious, backslash } = record;
    if (literal !== undefined) {
      const place = columnPlace(literal, this.header);
      const message = `the quote that opens ${place} is not closed before the next row; it was read as a character. If quotes have no meaning in the file, set the option quote to ""`;
      this.options.onNote?.({ line, code: 'literal_quote', message });
    }
    if (suspicious) {
      const message = `a cell in quotes holds ${lines} lines, each of which could be a row; they were read as one row. If they are rows, set the option quote to ""`;
      this.options.onNote?.({ line, code: 'long_cell', message });
    }
    if (backslash && !this.toldOfBackslash) {
      this.toldOfBackslash = true;
      const message = 'quotes inside quotes are written as \\" and were read so (option escape)';
      this.options.onNote?.({ line, code: 'backslash_quotes', message });
    }
  }
}

function isBlank(cell: string): boolean {
  // Old DOS programs end a file with U+001A.
  return cell === '' || cell.trim() === '' || cell === '\u001a';
}

/** What sqlcmd and psql write under a header. */
function isRuler(cell: string): boolean {
  return /^-{2,}$/.test(cell.trim());
}
