import type { Lattice } from './lattice';

/**
 * How probable it is that the tokens from `start` to before `end` have just these labels, whatever the
 * others have, and that the label after them is none of `continuing`: so a span is as probable as all
 * sequences together that have it from its first to its last token (Culotta and McCallum 2004).
 *
 * @param lattice has run over the sequence
 */
export function segmentProbability(
  lattice: Lattice,
  labelsOf: (token: number) => number,
  start: number,
  end: number,
  continuing: (label: number) => boolean,
): number {
  const { labels, emissions, forward, backward, scales, steps } = lattice;
  let probability = forward[start * labels + labelsOf(start)]!;
  for (let token = start + 1; token < end; token++) {
    const label = labelsOf(token);
    const step = steps[labelsOf(token - 1) * labels + label]!;
    probability *= step * emissions[token * labels + label]! * scales[token]!;
  }
  const last = labelsOf(end - 1);
  if (end === lattice.length) return clamp(probability);
  let goingOn = 0;
  for (let label = 0; label < labels; label++) {
    if (continuing(label)) continue;
    const at = end * labels + label;
    goingOn += steps[last * labels + label]! * emissions[at]! * backward[at]! * scales[end]!;
  }
  return clamp(probability * goingOn);
}

/** Rounding may pass the ends. */
function clamp(probability: number): number {
  return Math.min(1, Math.max(0, probability));
}
