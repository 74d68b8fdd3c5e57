import { readCsv } from '../../data/csv/csvReader';
import { chunkSource } from '../../data/files/fileRange';
import type { ReadRows } from './extractRows';

/** Rows of a CSV file. */
export const readCsvRows: ReadRows = async (file, options, { take, bad, onProgress, signal }) => {
  const { charset, header } = await readCsv(chunkSource(file), {
    delimiter: options.delimiter,
    columns: [options.text_column, options.label_column],
    signal,
    onProgress,
    onRow: ([text, label], line) => take(text!, label!, line),
    onBadRow: ({ line, reason }) => bad(line, reason),
  });
  return { charset, header };
};
