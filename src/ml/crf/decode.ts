import type { Transitions } from './lattice';

/**
 * The legal label sequence that is worth most (Viterbi 1967); of equals the one whose last differing
 * label has the lower number.
 *
 * @param emissions tokens × labels
 */
export function bestSequence(
  emissions: ArrayLike<number>,
  length: number,
  { labels, scores, legal, legalFirst }: Transitions,
): Int32Array {
  const best = new Int32Array(length);
  if (length === 0) return best;
  let worth = new Float64Array(labels);
  let next = new Float64Array(labels);
  const cameFrom = new Int32Array(length * labels);
  for (let l = 0; l < labels; l++) worth[l] = legalFirst[l] === 1 ? emissions[l]! : -Infinity;
  for (let token = 1; token < length; token++) {
    const at = token * labels;
    for (let l = 0; l < labels; l++) {
      let most = -Infinity;
      let from = 0;
      for (let k = 0; k < labels; k++) {
        if (legal[k * labels + l] === 0) continue;
        const value = worth[k]! + scores[k * labels + l]!;
        if (value > most) {
          most = value;
          from = k;
        }
      }
      next[l] = most + emissions[at + l]!;
      cameFrom[at + l] = from;
    }
    [worth, next] = [next, worth];
  }
  let label = 0;
  for (let l = 1; l < labels; l++) if (worth[l]! > worth[label]!) label = l;
  for (let token = length - 1; token >= 0; token--) {
    best[token] = label;
    label = cameFrom[token * labels + label]!;
  }
  return best;
}
