import { hash } from 'node:crypto';

/**
 * Remembers which texts came up, as 64 bits of their SHA-256: about 30 bytes a text however long it
 * is. Two different texts among ten million are taken for the same with a chance of 1 in 300,000.
 */
export class TextTable {
  private readonly slots: Int32Array;
  private readonly low: Uint32Array;
  private readonly high: Uint32Array;
  private size = 0;

  /** @param capacity the most texts that will be added */
  constructor(capacity: number) {
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity + 2)));
    this.low = new Uint32Array(capacity);
    this.high = new Uint32Array(capacity);
  }

  /** The text's number, from 0 in the order of first appearance; a new text gets the next one. */
  add(text: string): number {
    return this.look(text, true);
  }

  /** The text's number, or −1. */
  find(text: string): number {
    return this.look(text, false);
  }

  /** How many different texts there are. */
  get texts(): number {
    return this.size;
  }

  private look(text: string, insert: boolean): number {
    const digest = hash('sha256', text, 'buffer');
    const [low, high] = [digest.readUInt32LE(0), digest.readUInt32LE(4)];
    const mask = this.slots.length - 1;
    let slot = low & mask;
    for (;;) {
      const entry = this.slots[slot]! - 1;
      if (entry < 0) break;
      if (this.low[entry] === low && this.high[entry] === high) return entry;
      slot = (slot + 1) & mask;
    }
    if (!insert) return -1;
    this.slots[slot] = this.size + 1;
    this.low[this.size] = low;
    this.high[this.size] = high;
    return this.size++;
  }
}
