import type { TextFeature } from '../../../ml/text/vectorizer';
import { type Explanation, strongest } from './explanation';
import type { NgramScorer } from './scorer';

/** Weights read from the graph at once, in floats. */
const maxRead = 1 << 20;

/**
 * What the n-grams of a text added to the logits of some classes (value × weight), strongest first.
 * N-grams that share a row of the model cannot be told apart: they are shown as one, `this | that`.
 */
export async function explainText(
  scorer: NgramScorer,
  text: string,
  classes: readonly number[],
): Promise<Explanation[]> {
  const features = mergeRows(scorer.vectorizer.explain(text));
  const weights = await readWeights(
    scorer,
    features.map(({ row }) => row),
    classes,
  );
  return classes.map((_, c) => {
    const added = new Map<string, number>();
    features.forEach(({ feature, value }, i) => {
      const weight = value * weights[i * classes.length + c]!;
      added.set(feature, (added.get(feature) ?? 0) + weight);
    });
    return strongest(added);
  });
}

function mergeRows(
  features: readonly TextFeature[],
): { feature: string; row: number; value: number }[] {
  const byRow = new Map<number, { names: Set<string>; value: number }>();
  for (const feature of features) {
    const known = byRow.get(feature.row);
    if (known) known.names.add(readable(feature));
    else byRow.set(feature.row, { names: new Set([readable(feature)]), value: feature.value });
  }
  return [...byRow].map(([row, { names, value }]) => ({
    feature: [...names].join(' | '),
    row,
    value,
  }));
}

/** A piece of a word shows where the word goes on: ` fil` is `fil…`, `ilm` is `…ilm…`, ` film ` is `film`. */
function readable({ unit, feature }: TextFeature): string {
  if (unit === 'word') return feature;
  const start = feature.startsWith(' ') ? '' : '…';
  const end = feature.endsWith(' ') ? '' : '…';
  return `${start}${feature.trim()}${end}`;
}

/**
 * The weights [rows, classes] as the graph has them: a row's logits less those of nothing, the bias.
 * So that no second copy of all weights need be kept for it.
 */
async function readWeights(
  { graph }: NgramScorer,
  rows: readonly number[],
  classes: readonly number[],
): Promise<Float32Array> {
  const { session, labels } = graph;
  const run = (ids: readonly number[]): Promise<Float32Array> => {
    const one = new Float32Array(ids.length).fill(1);
    return session.run('logits', BigInt64Array.from(ids, BigInt), one, ids.length, 1);
  };
  const bias = await run([graph.rows]);
  const weights = new Float32Array(rows.length * classes.length);
  const step = Math.max(1, Math.floor(maxRead / labels));
  for (let from = 0; from < rows.length; from += step) {
    const part = rows.slice(from, from + step);
    const logits = await run(part);
    part.forEach((_, i) => {
      classes.forEach((label, c) => {
        weights[(from + i) * classes.length + c] = logits[i * labels + label]! - bias[label]!;
      });
    });
  }
  return weights;
}
