/** The nearest of `names` to `wanted`, when it is near enough to be a slip of the hand. */
export function nearestName(wanted: string, names: readonly string[]): string | undefined {
  const target = wanted.trim().toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(target.length / 3)) + 0.5;
  for (const name of names) {
    const candidate = name.trim().toLowerCase();
    // Too different already by their lengths; a name from a file may have megabytes.
    if (Math.abs(candidate.length - target.length) - 1 >= bestDistance) continue;
    // "labels" for "label" is nearer to a person than its distance says.
    const related =
      candidate.length > 2 && (target.includes(candidate) || candidate.includes(target));
    const distance = editDistance(target, candidate) - (related && target ? 1 : 0);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/**
 * The least number of characters to insert, delete, replace or swap with their neighbour that turns
 * one string into another (optimal string alignment).
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      row.push(cost);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
