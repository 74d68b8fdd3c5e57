/** The largest of some errors, and where it was met. */
export interface Worst {
  /** Infinity where a value is no number or is missing. */
  error: number;
  at: string;
}

export function worstOf(errors: Iterable<readonly [at: string, error: number]>): Worst {
  let worst: Worst | undefined;
  for (const [at, found] of errors) {
    const error = Number.isNaN(found) ? Infinity : found;
    if (worst === undefined || error > worst.error) worst = { error, at };
  }
  if (worst === undefined) throw new Error('nothing was compared');
  return worst;
}

/** The worst absolute error of values, each named by `at`. */
export function worstDifference(
  wanted: readonly number[],
  found: ArrayLike<number>,
  at: (index: number) => string,
): Worst {
  return worstOf(wanted.map((value, i) => [at(i), Math.abs(found[i]! - value)]));
}
