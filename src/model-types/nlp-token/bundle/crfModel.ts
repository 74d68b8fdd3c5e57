import type { Transitions } from '../../../ml/crf/lattice';
import type { TokenFeatures } from '../../../tagging/features/featureSpec';
import { isInside, labelCount, legalTransitions, outside, tagOf } from '../../../tagging/tagLabels';
import type { TokenUnit } from '../../../tagging/tokens';

/** A trained conditional random field over tags, as plain arrays: what training makes and export writes. */
export interface CrfModel {
  /** In the order of their labels; see tagLabels.ts. */
  tags: readonly string[];
  unit: TokenUnit;
  features: TokenFeatures;
  /** The features that carry weight, ascending; row i of `weights` is that of `known[i]`. */
  known: Uint32Array;
  /** rows × labels. */
  weights: Float32Array;
  /** One for each label: what makes being outside less likely than training found. */
  bias: Float32Array;
  /** labels × labels. */
  transitions: Float64Array;
}

/** The transitions of a model, with what is legal. */
export function transitionsOf({ tags, transitions }: CrfModel): Transitions {
  return { ...legalTransitions(tags.length), scores: transitions };
}

/** `O`, `B-PER`, `I-PER` …, in the order of the labels. */
export function labelNames(tags: readonly string[]): string[] {
  return Array.from({ length: labelCount(tags.length) }, (_, label) => {
    if (label === outside) return 'O';
    return `${isInside(label) ? 'I' : 'B'}-${tags[tagOf(label)]!}`;
  });
}
