import { mix32 } from '../random/counterRandom';

/** Finds the row of a bucket: a table of 8 to 16 bytes a row instead of one entry per possible bucket. */
export class RowIndex {
  private readonly slots: Int32Array;
  private readonly mask: number;

  constructor(private readonly buckets: Uint32Array) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, buckets.length * 2)));
    this.slots = new Int32Array(size);
    this.mask = size - 1;
    for (let row = 0; row < buckets.length; row++) {
      let slot = mix32(buckets[row]!) & this.mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & this.mask;
      this.slots[slot] = row + 1;
    }
  }

  /** The row, or −1. */
  rowOf(bucket: number): number {
    let slot = mix32(bucket) & this.mask;
    for (;;) {
      const row = this.slots[slot]! - 1;
      if (row < 0 || this.buckets[row] === bucket) return row;
      slot = (slot + 1) & this.mask;
    }
  }
}
