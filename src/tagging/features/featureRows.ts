import { noFeature } from '../../ml/crf/sequences';

/** In `slots`, where no feature is: features are never 0. */
const empty = 0;

/**
 * Which row of the weights each known feature has: features sorted, found through a table of open
 * addressing.
 */
export class FeatureRows {
  /** A feature and its row beside each other, so that finding both touches memory once. */
  private readonly slots: Uint32Array;
  private readonly shift: number;

  /** @param features each once, sorted; their places are their rows */
  constructor(readonly features: Uint32Array) {
    const bits = Math.max(4, Math.ceil(Math.log2(features.length * 2 + 1)));
    this.shift = 32 - bits;
    this.slots = new Uint32Array(2 * 2 ** bits);
    const mask = 2 ** bits - 1;
    features.forEach((feature, row) => {
      let slot = feature >>> this.shift;
      while (this.slots[2 * slot] !== empty) slot = (slot + 1) & mask;
      this.slots[2 * slot] = feature;
      this.slots[2 * slot + 1] = row;
    });
  }

  /** `noFeature` for those that are not known, and for 0. */
  rowOf(feature: number): number {
    const { slots } = this;
    const mask = slots.length / 2 - 1;
    let slot = feature >>> this.shift;
    for (;;) {
      const known = slots[2 * slot]!;
      if (known === empty) return noFeature;
      if (known === feature) return slots[2 * slot + 1]!;
      slot = (slot + 1) & mask;
    }
  }

  /** The row of each feature. */
  rowsOf(features: Uint32Array): Int32Array {
    const rows = new Int32Array(features.length);
    for (let i = 0; i < features.length; i++) rows[i] = this.rowOf(features[i]!);
    return rows;
  }
}
