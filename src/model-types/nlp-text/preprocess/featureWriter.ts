import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { featureFiles } from './features';

const bufferedEntries = 1 << 18;

/** Writes the hashed n-grams of row after row; memory stays at one buffer whatever the rows. */
export class FeatureWriter {
  private readonly bucketFile: number;
  private readonly countFile: number;
  private readonly startFile: number;
  private readonly buckets = new Uint32Array(bufferedEntries);
  private readonly counts = new Uint16Array(bufferedEntries);
  private readonly starts = new Float64Array(1 << 14);
  private used = 0;
  private startsUsed = 1;
  private entries = 0;

  constructor(dir: string) {
    this.bucketFile = openSync(join(dir, featureFiles.buckets), 'w');
    this.countFile = openSync(join(dir, featureFiles.counts), 'w');
    this.startFile = openSync(join(dir, featureFiles.starts), 'w');
  }

  append(buckets: Uint32Array, counts: Uint16Array, size: number): void {
    for (let from = 0; from < size;) {
      if (this.used === bufferedEntries) this.flushEntries();
      const taken = Math.min(size - from, bufferedEntries - this.used);
      this.buckets.set(buckets.subarray(from, from + taken), this.used);
      this.counts.set(counts.subarray(from, from + taken), this.used);
      this.used += taken;
      from += taken;
    }
    this.entries += size;
    if (this.startsUsed === this.starts.length) this.flushStarts();
    this.starts[this.startsUsed++] = this.entries;
  }

  close(): void {
    this.flushEntries();
    this.flushStarts();
    for (const file of [this.bucketFile, this.countFile, this.startFile]) closeSync(file);
  }

  private flushEntries(): void {
    writeAll(this.bucketFile, this.buckets.subarray(0, this.used));
    writeAll(this.countFile, this.counts.subarray(0, this.used));
    this.used = 0;
  }

  private flushStarts(): void {
    writeAll(this.startFile, this.starts.subarray(0, this.startsUsed));
    this.startsUsed = 0;
  }
}

function writeAll(file: number, array: ArrayBufferView): void {
  const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
