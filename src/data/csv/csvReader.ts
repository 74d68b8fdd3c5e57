import { Parser, type CsvError } from 'csv-parse';
import { TrainyardError } from '../../errors';
import { detectCharset, type Charset } from '../charset/detect';
import type { ChunkSource } from '../files/fileRange';
import { utf8Chunks } from '../files/utf8Chunks';
import { findColumns } from './header';
import { LineCounter } from './lines';
import { columnPlace, rowTooLarge, unclosedQuote } from './problems';

/** A row that cannot be used, and why. Lines are counted from 1, the header's. */
export interface BadRow {
  line: number;
  reason: string;
}

export interface CsvOptions {
  /** @default "," */
  delimiter: string;
  /** The columns to give, in this order; all must be in the header, once. */
  columns: readonly string[];
  /** `values` as the file has them, in the order of `columns`; `line` is the row's first. */
  onRow(values: string[], line: () => number): void;
  onBadRow(row: BadRow): void;
  /** Called with the header before the columns are looked up; may throw. */
  onHeader?(names: string[]): void;
  /** Bytes of the file read so far; called about once per 256 KiB. */
  onProgress?(bytes: number): void;
  signal?: AbortSignal;
  /** Bytes of one row; a longer one ends the file with an error. @default 16 MiB */
  maxRowBytes?: number;
}

export interface CsvSummary {
  charset: Charset;
  /** All columns of the header; empty when the file has none. */
  header: string[];
}

/**
 * Streams a CSV file: RFC 4180 with a delimiter of choice, any line ending, any charset. Rows with
 * another number of fields than the header, misplaced quotes, NUL or undecodable bytes go to
 * `onBadRow`; what makes the rest of the file unreadable throws: a missing or doubled column, a
 * quote that never closes, a row over the limit, a file that is not text. Blank lines are skipped.
 * An empty file gives an empty header. The source is read twice: once to tell its charset.
 */
export async function readCsv(file: ChunkSource, options: CsvOptions): Promise<CsvSummary> {
  const charset = await detectCharset(file.chunks(options.signal));
  const rows = new RowSorter(file.name, options, charset);
  const parser = new Parser({
    delimiter: options.delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: options.maxRowBytes ?? 16 << 20,
    on_record: (cells: string[]) => {
      rows.record(cells, parser.info.lines);
      return null;
    },
    on_skip: (error) => rows.misread(error!),
  });
  await feed(parser, file, charset, options);
  return { charset, header: rows.header ?? [] };
}

/** Drives the parser; rows leave through its callbacks, so a chunk is done when `write` says so. */
async function feed(
  parser: Parser,
  file: ChunkSource,
  charset: Charset,
  options: CsvOptions,
): Promise<void> {
  // The same errors reach the callbacks of `write` and `end`.
  parser.on('error', () => undefined);
  parser.resume();
  const chunks = utf8Chunks(file, charset, {
    format: 'CSV',
    onProgress: (bytes) => options.onProgress?.(bytes),
    signal: options.signal,
  });
  try {
    for await (const chunk of chunks) {
      await settled((done) => parser.write(chunk, done));
    }
    await settled((done) => parser.end(done));
  } finally {
    parser.destroy();
  }
}

function settled(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}

/** Tells header, good rows and bad rows apart. */
class RowSorter {
  header?: string[];
  private places: number[] = [];
  private readonly lines = new LineCounter();
  private lastMisreadLine = 0;

  constructor(
    private readonly file: string,
    private readonly options: CsvOptions,
    private readonly charset: Charset,
  ) {}

  record(cells: string[], parserLine: number): void {
    this.lines.recordEnded(cells, parserLine);
    if (cells.length === 1 && cells[0]!.trim() === '') return;
    if (!this.header) {
      this.options.onHeader?.(cells.map((name) => name.trim()));
      this.places = findColumns(this.file, cells, this.options.columns, this.options.delimiter);
      this.header = cells;
      return;
    }
    const line = (): number => this.lines.startOf(cells);
    const reason = this.reasonAgainst(cells);
    if (reason !== undefined) return this.options.onBadRow({ line: line(), reason });
    this.options.onRow(
      this.places.map((place) => cells[place]!),
      line,
    );
  }

  /** csv-parse met a quote where none may be, or cannot go on. Called within a row, before its end. */
  misread(error: CsvError): undefined {
    const line = this.lines.corrected(error['lines'] as number);
    const place = columnPlace(error['column'] as number, this.header);
    if (error.code === 'CSV_MAX_RECORD_SIZE') {
      throw rowTooLarge(this.file, this.lines.next, this.options.maxRowBytes ?? 16 << 20);
    }
    if (error.code === 'CSV_QUOTE_NOT_CLOSED')
      throw unclosedQuote(this.file, this.lines.next, place);
    const reason =
      error.code === 'CSV_INVALID_CLOSING_QUOTE'
        ? `text after a closing quote in ${place}; write a quote inside quotes twice ("")`
        : `a quote in the middle of ${place}; put the whole cell in quotes and write the quote twice`;
    if (!this.header) {
      const message = `the header of ${this.file}, line ${line}, has ${reason}`;
      throw new TrainyardError('data', 'broken_quotes', message);
    }
    // A row may hold several such quotes; it is one bad row.
    if (line !== this.lastMisreadLine) this.options.onBadRow({ line, reason });
    this.lastMisreadLine = line;
    return undefined;
  }

  private reasonAgainst(cells: string[]): string | undefined {
    const fields = this.header!.length;
    if (cells.length !== fields) {
      return `wrong number of fields: ${cells.length}, the header has ${fields}`;
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
}
