import { readCsv } from '../../data/csv/csvReader';
import { chunkSource } from '../../data/files/fileRange';
import type { ReadRows } from './extractRows';

/** Rows of a CSV file. */
export const readCsvRows: ReadRows = (file, charset, options, sink) => {
  const { take, bad, note, onProgress, signal } = sink;
  return readCsv(chunkSource(file), {
    delimiter: options.delimiter,
    quote: options.quote,
    escape: options.escape,
    columns: [options.text_column, options.label_column],
    charset,
    signal,
    onProgress,
    onRow: ([text, label], line) => take(text!, label!, line),
    onBadRow: ({ line, reason }) => bad(line, reason),
    onNote: note,
  });
};
