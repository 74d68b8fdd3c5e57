/** The best evaluation so far, and how many have passed since. */
export interface BestSoFar {
  /** Null before the first evaluation. */
  score: number | null;
  /** Optimizer steps taken when it was reached. */
  step: number;
  /** Evaluations since then. */
  since: number;
}

export const noneYet: BestSoFar = { score: null, step: 0, since: 0 };

/** @returns what is best after an evaluation; `step` is the one given exactly when this one is better */
export function judged(best: BestSoFar, score: number, step: number): BestSoFar {
  return best.score === null || score > best.score
    ? { score, step, since: 0 }
    : { ...best, since: best.since + 1 };
}
