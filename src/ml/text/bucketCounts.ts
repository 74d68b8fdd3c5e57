/** Counts buckets of one text in order of first appearance: open addressing, cleared by what it touched. */
export class BucketCounts {
  /** The distinct buckets, and how often each came up, `size` of them. */
  buckets = new Uint32Array(1024);
  counts = new Uint16Array(1024);
  size = 0;
  private slots = new Int32Array(4096);

  /** Empties the table and makes room for `capacity` distinct buckets. */
  clear(capacity: number): void {
    if (capacity > this.buckets.length) {
      const room = 2 ** Math.ceil(Math.log2(capacity));
      this.buckets = new Uint32Array(room);
      this.counts = new Uint16Array(room);
      this.slots = new Int32Array(room * 4);
    } else {
      this.forgetSlots();
    }
    this.size = 0;
  }

  add(bucket: number): void {
    const { slots, buckets } = this;
    const mask = slots.length - 1;
    let slot = bucket & mask;
    for (;;) {
      const entry = slots[slot]! - 1;
      if (entry < 0) {
        slots[slot] = this.size + 1;
        buckets[this.size] = bucket;
        this.counts[this.size++] = 1;
        return;
      }
      if (buckets[entry] === bucket) {
        if (this.counts[entry]! < 65535) this.counts[entry]!++;
        return;
      }
      slot = (slot + 1) & mask;
    }
  }

  private forgetSlots(): void {
    const { slots, buckets, size } = this;
    const mask = slots.length - 1;
    if (size > slots.length >> 3) {
      slots.fill(0);
      return;
    }
    for (let i = 0; i < size; i++) {
      let slot = buckets[i]! & mask;
      while (slots[slot] !== 0) {
        slots[slot] = 0;
        slot = (slot + 1) & mask;
      }
    }
  }
}
