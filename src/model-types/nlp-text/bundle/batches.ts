import { probabilities } from '../../../ml/heads/probabilities';
import type { LinearSession } from '../../../ml/onnx/session';

/** The features of one text: rows of the model's weights and their values. */
export interface TextFeatures {
  rows: Int32Array;
  values: Float32Array;
}

/** A session with what its inputs need. */
export interface Scorer {
  session: LinearSession;
  head: 'softmax' | 'sigmoid';
  labels: number;
  /** The model's feature rows; also the number that pads a text. */
  rows: number;
}

const gatheredByDefault = 1 << 20;
const maxTexts = 256;

/**
 * Gives the probabilities of every text to `each`, with the text's number; the array is good only
 * during the call. Texts are run in batches of about the same length, so `each` is called out of
 * order. A batch of another shape may change the last bits of a score, nothing more.
 *
 * @param maxGathered the graph holds texts × features × labels floats at once: at most so many
 *   @default 1 Mi (4 MB): it measured fastest, as it fits in a cache
 */
export async function runTexts(
  scorer: Scorer,
  texts: readonly TextFeatures[],
  each: (text: number, probabilities: Float32Array) => void,
  maxGathered = gatheredByDefault,
): Promise<void> {
  const { session, labels, rows } = scorer;
  const longest = Math.max(1, Math.floor(maxGathered / labels));
  const order = texts
    .map((_, i) => i)
    .sort((a, b) => texts[a]!.rows.length - texts[b]!.rows.length);
  while (order.length > 0) {
    const length = Math.max(1, texts[order.at(-1)!]!.rows.length);
    if (length > longest) {
      const text = order.pop()!;
      each(text, await runLongText(scorer, texts[text]!, longest));
      continue;
    }
    const fitting = Math.floor(longest / length);
    const batch = order.splice(-Math.min(fitting, maxTexts, order.length));
    const { ids, values } = pad(
      batch.map((i) => texts[i]!),
      length,
      rows,
    );
    const scores = await session.run('probabilities', ids, values, batch.length, length);
    batch.forEach((text, i) => each(text, scores.subarray(i * labels, (i + 1) * labels)));
  }
}

function pad(
  texts: TextFeatures[],
  length: number,
  padding: number,
): { ids: BigInt64Array; values: Float32Array } {
  const ids = new BigInt64Array(texts.length * length);
  // Row numbers stay below 2^31: writing the low halves is many times faster than making BigInts.
  const low = new Int32Array(ids.buffer);
  const values = new Float32Array(texts.length * length);
  texts.forEach((text, row) => {
    const start = row * length;
    const known = text.rows.length;
    for (let i = 0; i < length; i++) low[2 * (start + i)] = i < known ? text.rows[i]! : padding;
    values.set(text.values, start);
  });
  return { ids, values };
}

/** A text whose rows would not fit at once: logits are sums over features, so it is run in parts. */
async function runLongText(
  scorer: Scorer,
  text: TextFeatures,
  longest: number,
): Promise<Float32Array> {
  const { session, labels, rows } = scorer;
  const run = (from: number): Promise<Float32Array> => {
    const part = {
      rows: text.rows.subarray(from, from + longest),
      values: text.values.subarray(from, from + longest),
    };
    const { ids, values } = pad([part], Math.max(1, part.rows.length), rows);
    return session.run('logits', ids, values, 1, Math.max(1, part.rows.length));
  };
  const bias = await run(text.rows.length);
  const logits = Float64Array.from(bias);
  for (let from = 0; from < text.rows.length; from += longest) {
    const part = await run(from);
    for (let c = 0; c < labels; c++) logits[c]! += part[c]! - bias[c]!;
  }
  return Float32Array.from(probabilities(logits, scorer.head));
}
