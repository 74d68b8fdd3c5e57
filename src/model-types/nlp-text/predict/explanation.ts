import type { FeatureWeight } from './predictor';

/** The strongest features of a class, for and against it. */
export interface Explanation {
  for: FeatureWeight[];
  against: FeatureWeight[];
}

const listed = 10;

/** The strongest of what features added to a class's logit. */
export function strongest(added: ReadonlyMap<string, number>): Explanation {
  const sorted = [...added].map(([feature, weight]) => ({ feature, weight }));
  sorted.sort((a, b) => b.weight - a.weight);
  const against = sorted.slice(-listed).reverse();
  return {
    for: sorted.slice(0, listed).filter(({ weight }) => weight > 0),
    against: against.filter(({ weight }) => weight < 0),
  };
}
