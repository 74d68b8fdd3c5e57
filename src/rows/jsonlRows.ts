import { listNames, shownName } from '../data/csv/header';
import { nearestName } from '../data/csv/suggest';
import { canonicalName } from '../data/names';
import { chunkSource } from '../data/files/fileRange';
import { readJsonl } from '../data/jsonl/jsonlReader';
import { shortened } from '../support/words';
import type { ReadRows } from './rowReader';
import type { Cell, RowColumn } from './rowFormat';

type Row = Record<string, unknown>;

/**
 * Rows of a JSON Lines file: values stand under the names that a CSV file has as columns. Numbers and
 * booleans count as text, a number in its shortest form (1.0 is "1").
 */
export const readJsonlRows: ReadRows = (file, charset, { columns }, sink) => {
  const { take, bad, onProgress, signal } = sink;
  return readJsonl(chunkSource(file), {
    charset,
    signal,
    onProgress,
    onBadRow: bad,
    onRow: (row, line) => {
      const cells = cellsOf(row, columns);
      if (typeof cells === 'string') bad(line, cells);
      else take(cells, () => line);
    },
  });
};

/** The cells of a row, or why it has none. */
export function cellsOf(row: Row, columns: readonly RowColumn[]): Cell[] | string {
  const cells: Cell[] = [];
  for (const { name, what, list } of columns) {
    const cell = cellOf(valueOf(row, name), list);
    if (cell === undefined) return reasonAgainst(row, name, what);
    cells.push(cell);
  }
  return cells;
}

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

function cellOf(value: unknown, list: boolean): Cell | undefined {
  if (!list || !Array.isArray(value)) return plain(value);
  const all = value.map(plain);
  return all.every((text) => text !== undefined) ? all : undefined;
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
