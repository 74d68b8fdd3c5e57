import { asText } from '../charset/decode';
import type { Charset } from '../charset/charset';
import { detectCharset } from '../charset/detect';
import type { ChunkSource } from '../files/fileRange';
import { checkedChunks } from '../files/checkedChunks';
import type { Dialect } from './cells';
import { LineSplitter } from './lineSplitter';
import { tooLong, unaccounted } from './problems';
import { RecordReader } from './recordReader';
import { RowSorter, type RowCounts } from './rowSorter';

/** A row that cannot be used, and why. Lines are counted from 1. */
export interface BadRow {
  line: number;
  reason: string;
}

/** Something that the reader decided and that people should know; `line` is where. */
export interface RowNote {
  line: number;
  /**
   * - `not_a_row`: lines that are no rows of data: above the header, repeated, …
   * - `literal_quote`: a quote that was taken as a character, so that it swallows no rows
   * - `long_cell`: a cell whose lines could be rows
   * - `backslash_quotes`: quotes inside quotes are written as `\"`
   */
  code: 'not_a_row' | 'literal_quote' | 'long_cell' | 'backslash_quotes';
  message: string;
}

export interface CsvOptions {
  /** One character. @default a line `sep=`, else a tab for files that end in .tsv, else "," */
  delimiter?: string | null;
  /** One character, or "" for none. @default `"` */
  quote?: string | null;
  /** What stands before a quote inside quotes. @default the quote, or a backslash in rows that are only right so */
  escape?: string | null;
  /** The columns to give, in this order; all must be in the header, once. */
  columns: readonly string[];
  /** @default what its bytes show, see detectCharset */
  charset?: Charset;
  /** `values` as the file has them, in the order of `columns`; `line` is the row's first. */
  onRow(values: string[], line: () => number): void;
  onBadRow(row: BadRow): void;
  onNote?(note: RowNote): void;
  /** Called with the header before the columns are looked up; may throw. */
  onHeader?(names: string[]): void;
  /** Bytes of the file read so far; called about once per 256 KiB. */
  onProgress?(bytes: number): void;
  signal?: AbortSignal;
  /** Bytes of one row; a longer one is bad. @default 16 MiB */
  maxRowBytes?: number;
}

export interface CsvSummary {
  charset: Charset;
  /** All columns of the header; empty when the file has none. */
  header: string[];
  counts: RowCounts;
}

/**
 * Streams a CSV file in any charset and with any line ending, as pandas and spreadsheets read it: a quote
 * inside a plain cell is a character. Rows with another number of fields than the header, NUL or
 * undecodable bytes go to `onBadRow`, and the row after one is read anew; a missing or doubled column and a
 * file that is not text throw. Each line of the file is in `counts`. An empty file gives an empty header.
 */
export async function readCsv(file: ChunkSource, options: CsvOptions): Promise<CsvSummary> {
  const charset = options.charset ?? (await detectCharset(file.chunks(options.signal)));
  const limit = options.maxRowBytes ?? 16 << 20;
  const sorter = new RowSorter(file.name, options, charset);
  const records = new RecordReader({
    dialect: dialectOf(file.name, options),
    detectBackslash: (options.escape ?? null) === null,
    limit,
    onRecord: (record) => sorter.record(record),
    looksLikeRows: (rows) => sorter.looksLikeRows(rows),
  });
  sorter.records = records;
  const lines = new LineSplitter(limit, (text, end, isTooLong) => {
    if (isTooLong) records.takeUnreadable(tooLong(limit));
    else if (!sorter.isNoRecord(text)) records.take(withoutMark(text), end);
  });
  const chunks = checkedChunks(file, {
    format: 'CSV',
    onProgress: (bytes) => options.onProgress?.(bytes),
    signal: options.signal,
  });
  for await (const text of asText(chunks, charset)) lines.write(text);
  lines.end();
  records.finish();
  sorter.finish();
  if (sorter.counts.lines !== lines.lines) {
    throw unaccounted(file.name, sorter.counts.lines, lines.lines);
  }
  return { charset, header: sorter.header ?? [], counts: sorter.counts };
}

function dialectOf(file: string, options: CsvOptions): Dialect {
  const quote = options.quote ?? '"';
  const delimiter = options.delimiter ?? (/\.tsv$/i.test(file) ? '\t' : ',');
  return {
    delimiter,
    quote: quote === '' ? null : quote,
    escape: options.escape ?? (quote === '' ? '"' : quote),
  };
}

/** A byte order mark within a file is where another was added to it. */
function withoutMark(line: string): string {
  return line.charCodeAt(0) === 0xfeff ? line.slice(1) : line;
}
