/** The mean length of a label's texts, in characters. */
export interface Mean {
  label: string;
  mean: number;
}

/** The label whose mean is nearest to a text's length. */
export function nearest(means: readonly Mean[], text: string): { label: string; distance: number } {
  const found = means
    .map(({ label, mean }) => ({ label, distance: Math.abs(mean - text.length) }))
    .sort((a, b) => a.distance - b.distance);
  return found[0]!;
}
