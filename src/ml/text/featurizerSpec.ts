/** A family of n-grams; its rows of one text are scaled to length 1 together. */
export interface NgramFamily {
  /**
   * `word`: tokens. A token is a run of letters, digits and marks, one ideograph, one emoji or one
   * other sign. `char`: characters of a whitespace-separated piece with one space on each side.
   */
  unit: 'word' | 'char';
  /** Shortest and longest n-gram, in units. */
  min: number;
  max: number;
  /** The family owns 2^bits buckets; families follow each other in the bucket space. */
  bits: number;
}

/**
 * All that decides which feature rows a text has. Kept in the bundle, so that a text gives the same
 * features wherever the model runs.
 */
export interface FeaturizerSpec {
  version: 1;
  /** Only this many UTF-16 units from the start of a text are read. */
  maxCharacters: number;
  families: NgramFamily[];
}

/** Chosen by `bench/accuracy/choose.ts` on a validation cut of the train parts. */
export const defaultFeaturizer: FeaturizerSpec = {
  version: 1,
  maxCharacters: 100_000,
  families: [
    { unit: 'word', min: 1, max: 2, bits: 20 },
    { unit: 'char', min: 2, max: 4, bits: 21 },
  ],
};

/** Where each family's buckets start, and last the number of all buckets. */
export function familyStarts(spec: FeaturizerSpec): number[] {
  const starts = [0];
  for (const family of spec.families) starts.push(starts.at(-1)! + 2 ** family.bits);
  return starts;
}
