/** Precision of the first k labels. */
export interface PrecisionAt {
  k: number;
  /** Mean over rows of the share of a row's k most probable labels that are right; null without rows. */
  precision: number | null;
}

/** Collects how many of the most probable labels of each row are right. */
export class PrecisionAtMeter {
  private readonly sums: number[];
  private rows = 0;

  /** @param ks numbers of first labels to look at; where there are fewer labels, the missing ones are wrong */
  constructor(private readonly ks: readonly number[]) {
    this.sums = ks.map(() => 0);
  }

  /** @param gold the row's labels */
  add(gold: ReadonlySet<number>, probabilities: ArrayLike<number>): void {
    const first = mostProbable(probabilities, Math.max(0, ...this.ks));
    let hits = 0;
    const hitsAfter = first.map((label) => (hits += gold.has(label) ? 1 : 0));
    this.ks.forEach((k, i) => {
      this.sums[i]! += (hitsAfter[Math.min(k, first.length) - 1] ?? 0) / k;
    });
    this.rows++;
  }

  result(): PrecisionAt[] {
    return this.ks.map((k, i) => ({
      k,
      precision: this.rows === 0 ? null : this.sums[i]! / this.rows,
    }));
  }
}

/** The numbers of the k highest probabilities, highest first; of equal ones the first. */
function mostProbable(probabilities: ArrayLike<number>, k: number): number[] {
  const first: number[] = [];
  for (let label = 0; label < probabilities.length; label++) {
    const probability = probabilities[label]!;
    let place = first.length;
    while (place > 0 && probabilities[first[place - 1]!]! < probability) place--;
    if (place < k) first.splice(place, 0, label);
    if (first.length > k) first.pop();
  }
  return first;
}
