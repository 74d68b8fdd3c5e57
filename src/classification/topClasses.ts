/** The `count` classes of highest probability, best first (at least one, at most all); ties by class number. */
export function topClasses(probabilities: ArrayLike<number>, count: number): number[] {
  const kept = Math.max(1, Math.min(Math.floor(count), probabilities.length));
  if (kept > 64) {
    const all = Array.from({ length: probabilities.length }, (_, i) => i);
    return all.sort((a, b) => probabilities[b]! - probabilities[a]! || a - b).slice(0, kept);
  }
  const best: number[] = [];
  for (let label = 0; label < probabilities.length; label++) {
    const probability = probabilities[label]!;
    if (best.length === kept && probability <= probabilities[best[kept - 1]!]!) continue;
    let place = Math.min(best.length, kept - 1);
    while (place > 0 && probabilities[best[place - 1]!]! < probability) {
      best[place] = best[place - 1]!;
      place--;
    }
    best[place] = label;
  }
  return best;
}
