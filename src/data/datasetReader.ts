import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { DatasetSchema } from './dataset';
import { damaged, datasetFiles, readSchema } from './datasetFiles';

/** Bytes of one column that a block may hold beyond its first row. */
const blockBytes = 8 << 20;

/** Consecutive rows of some columns. */
export interface DatasetBlock<Column extends string> {
  /** Number of the block's first row, from 0. */
  start: number;
  rows: number;
  /** One array per column asked for, `rows` long. */
  values: Record<Column, string[]>;
}

/** A finished dataset, open for reading. Reads are synchronous; memory is bounded by one block. */
export interface Dataset {
  readonly schema: DatasetSchema;
  readonly rows: number;
  /** One cell, for looking at single rows. */
  get(column: string, row: number): string;
  /**
   * All rows in order, at most `rows` a block; fewer when cells are so long that a block would
   * pass 8 MiB a column. @default rows 4096
   */
  blocks<Column extends string>(
    columns: readonly Column[],
    rows?: number,
  ): IterableIterator<DatasetBlock<Column>>;
  close(): void;
}

/** Opens a dataset and checks that its files have the sizes that its schema says. */
export function openDataset(dir: string): Dataset {
  const schema = readSchema(dir);
  const columns = new Map<string, ColumnReader>();
  try {
    for (const name of schema.columns) columns.set(name, new ColumnReader(dir, name, schema.rows));
  } catch (error) {
    for (const column of columns.values()) column.close();
    throw error;
  }
  return new FolderDataset(schema, columns);
}

class FolderDataset implements Dataset {
  constructor(
    readonly schema: DatasetSchema,
    private readonly columns: Map<string, ColumnReader>,
  ) {}

  get rows(): number {
    return this.schema.rows;
  }

  get(column: string, row: number): string {
    if (!Number.isInteger(row) || row < 0 || row >= this.rows) {
      throw new RangeError(`row ${row} is outside a dataset of ${this.rows} rows`);
    }
    return this.column(column).range(row, 1)[0]!;
  }

  *blocks<Column extends string>(
    names: readonly Column[],
    rows = 4096,
  ): IterableIterator<DatasetBlock<Column>> {
    const columns = names.map((name) => this.column(name));
    for (let start = 0; start < this.rows;) {
      const wanted = Math.min(rows, this.rows - start);
      const count = Math.min(...columns.map((c) => c.fitting(start, wanted, blockBytes)), wanted);
      const cells = names.map((name, i) => [name, columns[i]!.range(start, count)]);
      const values = Object.fromEntries(cells) as Record<Column, string[]>;
      yield { start, rows: count, values };
      start += count;
    }
  }

  close(): void {
    for (const column of this.columns.values()) column.close();
  }

  private column(name: string): ColumnReader {
    const column = this.columns.get(name);
    if (column) return column;
    throw new RangeError(
      `column "${name}" is not in the dataset (${this.schema.columns.join(', ')})`,
    );
  }
}

class ColumnReader {
  private readonly values: number;
  private readonly offsets: number;
  private bytes = Buffer.allocUnsafe(1 << 16);
  private open = true;

  constructor(dir: string, name: string, rows: number) {
    this.offsets = openSync(datasetFiles.offsets(dir, name), 'r');
    try {
      this.values = openSync(datasetFiles.values(dir, name), 'r');
    } catch (error) {
      closeSync(this.offsets);
      throw error;
    }
    try {
      if (fstatSync(this.offsets).size !== (rows + 1) * 8) throw damaged(`offsets of ${name}`);
      const end = this.starts(rows, 0)[0]!;
      if (fstatSync(this.values).size !== end) throw damaged(`values of ${name}`);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** How many of `count` rows from `row` on stay within `limit` bytes; at least one. */
  fitting(row: number, count: number, limit: number): number {
    const starts = this.starts(row, count);
    let fits = count;
    while (fits > 1 && starts[fits]! - starts[0]! > limit) fits = Math.ceil(fits / 2);
    return fits;
  }

  range(row: number, count: number): string[] {
    const starts = this.starts(row, count);
    const first = starts[0]!;
    const length = starts[count]! - first;
    if (length > this.bytes.length) this.bytes = Buffer.allocUnsafe(length);
    readFully(this.values, this.bytes, length, first);
    const cells = new Array<string>(count);
    for (let i = 0; i < count; i++) {
      cells[i] = this.bytes.toString('utf8', starts[i]! - first, starts[i + 1]! - first);
    }
    return cells;
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    closeSync(this.offsets);
    closeSync(this.values);
  }

  /** Starts of `count` rows from `row` on, and the end of the last. */
  private starts(row: number, count: number): Float64Array {
    const starts = new Float64Array(count + 1);
    readFully(this.offsets, new Uint8Array(starts.buffer), starts.byteLength, row * 8);
    return starts;
  }
}

function readFully(fd: number, into: Uint8Array, length: number, position: number): void {
  for (let at = 0; at < length;) {
    const read = readSync(fd, into, at, length - at, position + at);
    if (read === 0) throw damaged('a file is shorter than its offsets say');
    at += read;
  }
}
