import { mix32 } from '../../ml/random/counterRandom';

/**
 * Finds rows with the same text by a 53-bit hash, in 24 to 48 bytes a row. Two different texts among a
 * million share a hash with a chance of one in ten thousand.
 */
export class TextGroups {
  /** The first row of each row's group. */
  private firstRows = new Int32Array(1024);
  private keys = new Float64Array(2048).fill(-1);
  private keyRows = new Int32Array(2048);
  private distinct = 0;
  rows = 0;

  get duplicates(): number {
    return this.rows - this.distinct;
  }

  /** Adds the next row; returns the first row with the same text, its own number when there is none. */
  add(text: string): number {
    const row = this.rows++;
    if (row === this.firstRows.length) {
      const bigger = new Int32Array(row * 2);
      bigger.set(this.firstRows);
      this.firstRows = bigger;
    }
    return (this.firstRows[row] = this.find(hashText(text), row));
  }

  first(): Int32Array {
    return this.firstRows.slice(0, this.rows);
  }

  private find(key: number, row: number): number {
    const slot = this.slotOf(key);
    if (this.keys[slot] === key) return this.keyRows[slot]!;
    this.keys[slot] = key;
    this.keyRows[slot] = row;
    if (++this.distinct * 2 > this.keys.length) this.grow();
    return row;
  }

  private slotOf(key: number): number {
    const mask = this.keys.length - 1;
    let slot = mix32(key % 4294967296) & mask;
    while (this.keys[slot] !== -1 && this.keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, keyRows } = this;
    this.keys = new Float64Array(keys.length * 2).fill(-1);
    this.keyRows = new Int32Array(keys.length * 2);
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] === -1) continue;
      const slot = this.slotOf(keys[i]!);
      this.keys[slot] = keys[i]!;
      this.keyRows[slot] = keyRows[i]!;
    }
  }
}

function hashText(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x2545f491;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x9e3779b1);
    low ^= low >>> 15;
    high = Math.imul(high ^ unit, 0x85ebca6b);
    high ^= high >>> 13;
  }
  return (mix32(high) >>> 11) * 4294967296 + mix32(low);
}
