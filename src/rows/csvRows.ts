import { readCsv } from '../data/csv/csvReader';
import { chunkSource } from '../data/files/fileRange';
import type { ReadRows } from './rowReader';

/** Rows of a CSV file. */
export const readCsvRows: ReadRows = (file, charset, format, sink) => {
  const { take, bad, note, onProgress, signal } = sink;
  return readCsv(chunkSource(file), {
    delimiter: format.delimiter,
    quote: format.quote,
    escape: format.escape,
    columns: format.columns.map(({ name }) => name),
    charset,
    signal,
    onProgress,
    onRow: take,
    onBadRow: ({ line, reason }) => bad(line, reason),
    onNote: note,
  });
};
