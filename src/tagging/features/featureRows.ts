import { noFeature } from '../../ml/crf/sequences';

/**
 * Which row of the weights each known feature has: features sorted, found through a table of open
 * addressing.
 */
export class FeatureRows {
  private readonly slots: Int32Array;
  private readonly shift: number;

  /** @param features each once, sorted; their places are their rows */
  constructor(readonly features: Uint32Array) {
    const bits = Math.max(4, Math.ceil(Math.log2(features.length * 2 + 1)));
    this.shift = 32 - bits;
    this.slots = new Int32Array(2 ** bits).fill(noFeature);
    const mask = this.slots.length - 1;
    features.forEach((feature, row) => {
      let slot = feature >>> this.shift;
      while (this.slots[slot] !== noFeature) slot = (slot + 1) & mask;
      this.slots[slot] = row;
    });
  }

  /** `noFeature` for those that are not known, and for 0. */
  rowOf(feature: number): number {
    const mask = this.slots.length - 1;
    let slot = feature >>> this.shift;
    for (;;) {
      const row = this.slots[slot]!;
      if (row === noFeature || this.features[row] === feature) return row;
      slot = (slot + 1) & mask;
    }
  }
}
