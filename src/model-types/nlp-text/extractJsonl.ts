import { nearestName } from '../../data/csv/suggest';
import { chunkSource } from '../../data/files/fileRange';
import { readJsonl } from '../../data/jsonl/jsonlReader';
import type { ReadRows } from './extractRows';

type Row = Record<string, unknown>;

/**
 * Rows of a JSON Lines file: text and label are the values under the names that a CSV file has as columns.
 * Numbers and booleans are read as they are written. A label may be a list: texts then have many.
 */
export const readJsonlRows: ReadRows = async (file, options, { take, bad, onProgress, signal }) => {
  const { text_column, label_column } = options;
  const charset = await readJsonl(chunkSource(file), {
    signal,
    onProgress,
    onBadRow: bad,
    onRow: (row, line) => {
      const text = plain(row[text_column]);
      const label = labels(row[label_column]);
      if (text === undefined) bad(line, reasonAgainst(row, text_column, 'a text'));
      else if (label === undefined)
        bad(line, reasonAgainst(row, label_column, 'a label or a list of labels'));
      else take(text, label, () => line);
    },
  });
  return { charset };
};

function plain(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function labels(value: unknown): string | string[] | undefined {
  if (!Array.isArray(value)) return plain(value);
  const all = value.map(plain);
  return all.every((label) => label !== undefined) ? all : undefined;
}

function reasonAgainst(row: Row, column: string, wanted: string): string {
  if (Object.hasOwn(row, column)) {
    const found = JSON.stringify(row[column]);
    const shown = found.length > 40 ? `${found.slice(0, 40)}…` : found;
    return `"${column}" is ${shown}; it must be ${wanted}`;
  }
  const keys = Object.keys(row);
  const near = nearestName(column, keys);
  const has = keys.slice(0, 20).join(', ') || 'none';
  return `no "${column}" (keys: ${has})${near === undefined ? '' : `; did you mean "${near}"?`}`;
}
