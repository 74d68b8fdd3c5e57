import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import type { DatasetSchema } from './dataset';
import { assertColumnNames, datasetFiles } from './datasetFiles';

const flushBytes = 1 << 20;
const flushRows = 1 << 16;

/**
 * Writes a dataset row by row. Writes are buffered and synchronous, so a producer can never run
 * ahead of the disk. The folder is a dataset once `finish` has returned, not before.
 */
export interface DatasetWriter {
  readonly rows: number;
  /** One value per column, in the order of the columns. */
  append(values: readonly string[]): void;
  finish(): DatasetSchema;
  /** Closes the files of a dataset that will not be finished. Harmless after `finish`. */
  abort(): void;
}

/** Starts a dataset in `dir`, which is made when absent. */
export function createDataset(dir: string, columns: readonly string[]): DatasetWriter {
  assertColumnNames(columns);
  mkdirSync(dir, { recursive: true });
  return new FolderWriter(dir, [...columns]);
}

/** Bytes gathered for one file. */
class ByteSink {
  private readonly fd: number;
  private readonly buffer = Buffer.allocUnsafe(flushBytes);
  private used = 0;
  private open = true;

  constructor(path: string) {
    this.fd = openSync(path, 'w');
  }

  write(bytes: Uint8Array): void {
    if (bytes.length > this.buffer.length - this.used) this.flush();
    if (bytes.length > this.buffer.length) {
      writeFully(this.fd, bytes);
    } else {
      this.buffer.set(bytes, this.used);
      this.used += bytes.length;
    }
  }

  flush(): void {
    writeFully(this.fd, this.buffer.subarray(0, this.used));
    this.used = 0;
  }

  close(): void {
    if (this.open) closeSync(this.fd);
    this.open = false;
  }
}

function writeFully(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

class FolderWriter implements DatasetWriter {
  rows = 0;
  private readonly values: ByteSink[];
  private readonly offsets: ByteSink[];
  /** Where each column's next value starts, gathered for `flushRows` rows. */
  private readonly starts: Float64Array[];
  private readonly position: number[];
  private readonly hash = createHash('sha256');
  /** Cells as the hash sees them: byte length (uint32, little-endian), then the bytes. */
  private readonly cells = Buffer.allocUnsafe(flushBytes);
  private cellsUsed = 0;

  constructor(
    private readonly dir: string,
    private readonly columns: string[],
  ) {
    this.values = columns.map((name) => new ByteSink(datasetFiles.values(dir, name)));
    this.offsets = columns.map((name) => new ByteSink(datasetFiles.offsets(dir, name)));
    this.starts = columns.map(() => new Float64Array(flushRows));
    this.position = columns.map(() => 0);
    this.hash.update(`${JSON.stringify(columns)}\n`);
  }

  append(values: readonly string[]): void {
    if (values.length !== this.columns.length) {
      throw new RangeError(`a row has ${values.length} values for ${this.columns.length} columns`);
    }
    const slot = this.rows % flushRows;
    if (slot === 0 && this.rows > 0) this.flushStarts(flushRows);
    for (let c = 0; c < values.length; c++) {
      this.starts[c]![slot] = this.position[c]!;
      this.position[c]! += this.appendCell(this.values[c]!, values[c]!);
    }
    this.rows++;
  }

  finish(): DatasetSchema {
    const left = this.rows % flushRows;
    if (this.rows > 0) this.flushStarts(left === 0 ? flushRows : left);
    this.offsets.forEach((sink, c) => {
      this.starts[c]![0] = this.position[c]!;
      sink.write(bytesOf(this.starts[c]!, 1));
    });
    for (const sink of [...this.values, ...this.offsets]) {
      sink.flush();
      sink.close();
    }
    this.hash.update(this.cells.subarray(0, this.cellsUsed));
    const schema: DatasetSchema = {
      format: 1,
      columns: this.columns,
      rows: this.rows,
      rowHash: this.hash.digest('hex'),
    };
    const path = datasetFiles.schema(this.dir);
    writeFileSync(`${path}.tmp`, `${JSON.stringify(schema, null, 2)}\n`);
    renameSync(`${path}.tmp`, path);
    return schema;
  }

  abort(): void {
    for (const sink of [...this.values, ...this.offsets]) sink.close();
  }

  private appendCell(sink: ByteSink, value: string): number {
    // UTF-8 takes at most three bytes per UTF-16 unit.
    if (value.length * 3 + 4 > this.cells.length) return this.appendLargeCell(sink, value);
    if (value.length * 3 + 4 > this.cells.length - this.cellsUsed) this.flushCells();
    const start = this.cellsUsed + 4;
    const length = this.cells.write(value, start, 'utf8');
    this.cells.writeUInt32LE(length, this.cellsUsed);
    this.cellsUsed = start + length;
    sink.write(this.cells.subarray(start, this.cellsUsed));
    return length;
  }

  private appendLargeCell(sink: ByteSink, value: string): number {
    this.flushCells();
    const bytes = Buffer.from(value, 'utf8');
    this.cells.writeUInt32LE(bytes.length, 0);
    this.hash.update(this.cells.subarray(0, 4)).update(bytes);
    sink.write(bytes);
    return bytes.length;
  }

  private flushCells(): void {
    this.hash.update(this.cells.subarray(0, this.cellsUsed));
    this.cellsUsed = 0;
  }

  private flushStarts(rows: number): void {
    this.offsets.forEach((sink, c) => sink.write(bytesOf(this.starts[c]!, rows)));
  }
}

// Every platform that Node runs on here is little-endian, as is the format.
function bytesOf(numbers: Float64Array, count: number): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, count * 8);
}
