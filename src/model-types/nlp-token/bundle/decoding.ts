import type { Transitions } from '../../../ml/crf/lattice';
import { legalTransitions } from '../../../tagging/tagLabels';
import type { TokenManifest } from './manifest';

/** How labels are chosen from scores, as a manifest says it; see manifest.ts. */
export function decodingOf(
  names: readonly string[],
  { scores, legal, legalFirst }: Transitions,
): TokenManifest['decoding'] {
  return {
    algorithm: 'viterbi',
    transitions: names.map((_, from) =>
      names.map((__, to) => {
        const at = from * names.length + to;
        return legal[at] === 1 ? scores[at]! : null;
      }),
    ),
    first: names.filter((_, label) => legalFirst[label] === 1),
  };
}

/** What a manifest says, to decode with. */
export function transitionsIn({
  tags,
  decoding,
}: Pick<TokenManifest, 'tags' | 'decoding'>): Transitions {
  const scores = Float64Array.from(decoding.transitions.flat(), (score) => score ?? 0);
  return { ...legalTransitions(tags.length), scores };
}
