import type { Lattice } from './lattice';
import { noFeature, type Sequences } from './sequences';

/** Adds up the weights of each token's features. */
export function addEmissions(
  { features, width }: Pick<Sequences, 'features' | 'width'>,
  first: number,
  length: number,
  weights: Float32Array,
  { emissions, labels }: Pick<Lattice, 'emissions' | 'labels'>,
): void {
  for (let token = 0; token < length; token++) {
    const at = token * labels;
    const from = (first + token) * width;
    for (let place = from; place < from + width; place++) {
      const feature = features[place]!;
      if (feature === noFeature) continue;
      for (let l = 0, w = feature * labels; l < labels; l++, w++) {
        emissions[at + l]! += weights[w]!;
      }
    }
  }
}
