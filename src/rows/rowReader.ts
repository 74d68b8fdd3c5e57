import type { Charset } from '../data/charset/charset';
import type { RowNote } from '../data/csv/csvReader';
import type { RowCounts } from '../data/csv/rowSorter';
import type { FileRange } from '../data/files/fileRange';
import type { RowFormat, TakeRow } from './rowFormat';

/** What the reader of a format does with what it finds. */
export interface RowSink {
  take: TakeRow;
  bad: (line: number, reason: string) => void;
  note: (note: RowNote) => void;
  /** Bytes of the file read so far. */
  onProgress: (bytes: number) => void;
  signal: AbortSignal;
}

/** Reads one file; gives its columns where the format has a header, none where that is missing. */
export type ReadRows = (
  file: FileRange,
  charset: Charset,
  format: RowFormat,
  sink: RowSink,
) => Promise<{ header?: readonly string[]; counts: RowCounts }>;
