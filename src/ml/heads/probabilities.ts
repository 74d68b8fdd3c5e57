/**
 * The probabilities of the logits of one or more rows, as a new array.
 *
 * @param logits rows × classes, row-major
 * @param head `softmax`: one label per row. `sigmoid`: any number of them.
 * @param classes @default all: one row
 */
export function probabilities<Numbers extends Float32Array | Float64Array>(
  logits: Numbers,
  head: 'softmax' | 'sigmoid',
  classes = logits.length,
): Numbers {
  const values = logits.slice() as Numbers;
  for (let at = 0; at < values.length; at += classes) {
    if (head === 'softmax') softmaxRow(values, at, classes);
    else for (let i = at; i < at + classes; i++) values[i] = 1 / (1 + Math.exp(-values[i]!));
  }
  return values;
}

/** Turns a row of logits into probabilities, in place; returns log Σ exp(logit). */
export function softmaxRow(
  logits: Float32Array | Float64Array,
  at: number,
  classes: number,
): number {
  const end = at + classes;
  let highest = -Infinity;
  for (let i = at; i < end; i++) if (logits[i]! > highest) highest = logits[i]!;
  let total = 0;
  for (let i = at; i < end; i++) {
    const power = Math.exp(logits[i]! - highest);
    logits[i] = power;
    total += power;
  }
  for (let i = at; i < end; i++) logits[i]! /= total;
  return highest + Math.log(total);
}
