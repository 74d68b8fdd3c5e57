/**
 * The lengths that texts are padded to, ascending: few enough that each has its own session, near enough
 * to each other that little of a batch is padding.
 *
 * @param maximum the longest text in tokens; itself the last length
 */
export function bucketLengths(maximum: number): number[] {
  const lengths: number[] = [];
  for (let power = 16; power < maximum; power *= 2) {
    lengths.push(power);
    if (power >= 32 && power * 1.5 < maximum) lengths.push(power * 1.5);
  }
  return [...lengths, maximum];
}

/** The bucket of a text: the first whose length is enough, or the last. */
export function bucketOf(tokens: number, lengths: readonly number[]): number {
  const bucket = lengths.findIndex((length) => tokens <= length);
  return bucket < 0 ? lengths.length - 1 : bucket;
}
