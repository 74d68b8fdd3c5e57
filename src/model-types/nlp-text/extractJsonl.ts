import { listNames, shownName } from '../../data/csv/header';
import { nearestName } from '../../data/csv/suggest';
import { canonicalName } from '../../data/names';
import { chunkSource } from '../../data/files/fileRange';
import { readJsonl } from '../../data/jsonl/jsonlReader';
import { shortened } from '../../words';
import type { ReadRows } from './extractRows';

type Row = Record<string, unknown>;

/**
 * Rows of a JSON Lines file: text and label are the values under the names that a CSV file has as columns.
 * Numbers and booleans count as text, a number in its shortest form (1.0 is "1"). A label may be a list:
 * texts then have many.
 */
export const readJsonlRows: ReadRows = (file, charset, options, sink) => {
  const { take, bad, onProgress, signal } = sink;
  const { text_column, label_column } = options;
  return readJsonl(chunkSource(file), {
    charset,
    signal,
    onProgress,
    onBadRow: bad,
    onRow: (row, line) => {
      const text = plain(valueOf(row, text_column));
      const label = labels(valueOf(row, label_column));
      if (text === undefined) bad(line, reasonAgainst(row, text_column, 'a text'));
      else if (label === undefined)
        bad(line, reasonAgainst(row, label_column, 'a label or a list of labels'));
      else take(text, label, () => line);
    },
  });
};

/** The value under a name; a key that is written in other bytes has the same name. */
function valueOf(row: Row, name: string): unknown {
  if (Object.hasOwn(row, name)) return row[name];
  const wanted = canonicalName(name);
  const key = Object.keys(row).find((own) => canonicalName(own) === wanted);
  return key === undefined ? undefined : row[key];
}

function plain(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || isExact(value) ? String(value) : undefined;
}

/** Whether a number is the one that was written: larger whole numbers are rounded as they are read. */
function isExact(value: unknown): value is number {
  if (typeof value !== 'number') return false;
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

function labels(value: unknown): string | string[] | undefined {
  if (!Array.isArray(value)) return plain(value);
  const all = value.map(plain);
  return all.every((label) => label !== undefined) ? all : undefined;
}

function reasonAgainst(row: Row, column: string, wanted: string): string {
  const value = valueOf(row, column);
  if (value !== undefined) {
    const isRounded = [value].flat().some((one) => typeof one === 'number' && !isExact(one));
    if (!isRounded) return `"${column}" is ${shownValue(value)}; it must be ${wanted}`;
    return `"${column}" has a number beyond ${Number.MAX_SAFE_INTEGER}, which would be rounded; write it in quotes`;
  }
  const keys = Object.keys(row);
  const near = nearestName(column, keys);
  const hint = near === undefined ? '' : `; did you mean "${shownName(near)}"?`;
  return `no "${column}" (keys: ${listNames(keys) || 'none'})${hint}`;
}

function shownValue(value: unknown): string {
  try {
    return shortened(JSON.stringify(value), 40);
  } catch {
    // JSON.parse reads any depth, JSON.stringify does not write it.
    return 'nested too deep to be shown';
  }
}
