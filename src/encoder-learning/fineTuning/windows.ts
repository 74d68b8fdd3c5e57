import { bucketLengths, bucketOf } from '../../ml/nn/training/lengthBuckets';
import type { HeadLabels } from '../../ml/heads/labels';
import type { TokenizedTexts } from '../../ml/transformers/files/tokenizer/tokenizeTexts';

/** What texts were cut into, with the labels of the texts. */
export interface LabelledWindows {
  /** Token ids of each window. */
  rows: readonly Int32Array[];
  /** The text of each window, by place. */
  texts: Int32Array;
  /** By text. */
  labels: HeadLabels;
  /** What each window weighs, so that each text weighs 1. */
  weights: Float64Array;
}

export function labelledWindows(
  { rows, texts }: TokenizedTexts,
  labels: HeadLabels,
): LabelledWindows {
  const windows = new Map<number, number>();
  for (const text of texts) windows.set(text, (windows.get(text) ?? 0) + 1);
  return {
    rows,
    texts,
    labels,
    weights: Float64Array.from(texts, (text) => 1 / windows.get(text)!),
  };
}

/**
 * What the windows of a micro-batch should have given, and what the sum of the losses of all windows
 * of its batch is to be divided by. Binary cross-entropy knows no weights: there each window weighs 1.
 */
export function targetsOf(
  { texts, labels, weights }: LabelledWindows,
  chosen: Int32Array,
): Float32Array {
  const { classes } = labels;
  const targets = new Float32Array(chosen.length * classes);
  chosen.forEach((window, i) => {
    const text = texts[window]!;
    if (labels.kind === 'softmax') {
      targets[i * classes + labels.classOf[text]!] = weights[window]!;
      return;
    }
    for (let at = labels.offsets[text]!; at < labels.offsets[text + 1]!; at++) {
      targets[i * classes + labels.labels[at]!] = 1;
    }
  });
  return targets;
}

/** What the summed loss of a batch is divided by. */
export function totalOf({ labels, weights }: LabelledWindows, chosen: Int32Array): number {
  if (labels.kind === 'sigmoid') return chosen.length * labels.classes;
  return chosen.reduce((sum, window) => sum + weights[window]!, 0);
}

/**
 * The lengths that windows are padded to, ascending: those of the usual buckets that are in use, merged
 * where it adds the least padding until there are `most`. Each costs every thread two sessions, which
 * are some megabytes of graph and take time to open; the memory of their runs is one for all.
 */
export function trainingLengths(tokens: ArrayLike<number>, most = 4): number[] {
  const longest = Array.from(tokens).reduce((a, b) => Math.max(a, b), 1);
  const lengths = bucketLengths(longest);
  const counts = lengths.map(() => 0);
  for (let i = 0; i < tokens.length; i++) counts[bucketOf(tokens[i]!, lengths)]!++;
  const used = lengths
    .map((length, i) => ({ length, count: counts[i]! }))
    .filter(({ count }) => count > 0);
  while (used.length > most) {
    const added = used
      .slice(0, -1)
      .map(({ length, count }, i) => count * (used[i + 1]!.length - length));
    const cheapest = added.indexOf(Math.min(...added));
    used[cheapest + 1]!.count += used[cheapest]!.count;
    used.splice(cheapest, 1);
  }
  return used.map(({ length }) => length);
}
