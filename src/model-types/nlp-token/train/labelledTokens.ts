/** Sentences, token after token. */
export interface LabelledTokens {
  /** tokens × places, 0 where a token lacks a feature. */
  hashes: Uint32Array;
  labels: Uint16Array;
  /** Where each sentence begins, in tokens, and the end of the last. */
  starts: Float64Array;
}

/** The sentences of the first, then those of the second. */
export function joined(first: LabelledTokens, second: LabelledTokens): LabelledTokens {
  const hashes = new Uint32Array(first.hashes.length + second.hashes.length);
  hashes.set(first.hashes);
  hashes.set(second.hashes, first.hashes.length);
  const labels = new Uint16Array(first.labels.length + second.labels.length);
  labels.set(first.labels);
  labels.set(second.labels, first.labels.length);
  const starts = new Float64Array(first.starts.length + second.starts.length - 1);
  starts.set(first.starts);
  second.starts.forEach(
    (start, i) => (starts[first.starts.length - 1 + i] = first.labels.length + start),
  );
  return { hashes, labels, starts };
}
