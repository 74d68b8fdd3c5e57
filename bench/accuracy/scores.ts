/** Figures of one system on one test part. */
export interface Scores {
  accuracy: number;
  macroF1: number;
  logLoss: number;
  /** Expected calibration error over 15 bins of equal width. */
  ece: number;
}

const bins = 15;

/** @param probabilities one array per row, in the order of `labels` */
export function score(
  truth: string[],
  labels: readonly string[],
  probabilities: Float32Array[],
): Scores {
  const hits = new Float64Array(bins);
  const confidence = new Float64Array(bins);
  const [right, predicted, actual] = [0, 1, 2].map(() => new Map<string, number>());
  const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  let correct = 0;
  let loss = 0;
  probabilities.forEach((row, i) => {
    let best = 0;
    for (let c = 1; c < row.length; c++) if (row[c]! > row[best]!) best = c;
    const label = labels[best]!;
    const hit = label === truth[i];
    const bin = Math.min(bins - 1, Math.floor(row[best]! * bins));
    confidence[bin]! += row[best]!;
    hits[bin]! += hit ? 1 : 0;
    correct += hit ? 1 : 0;
    loss -= Math.log(Math.max(row[labels.indexOf(truth[i]!)] ?? 0, 1e-15));
    count(predicted!, label);
    count(actual!, truth[i]!);
    if (hit) count(right!, label);
  });
  const f1 = [...new Set([...truth, ...predicted!.keys()])].map((label) => {
    const both = (predicted!.get(label) ?? 0) + (actual!.get(label) ?? 0);
    return (2 * (right!.get(label) ?? 0)) / both;
  });
  const gap = hits.reduce((sum, hit, bin) => sum + Math.abs(hit - confidence[bin]!), 0);
  return {
    accuracy: correct / truth.length,
    macroF1: f1.reduce((a, b) => a + b, 0) / f1.length,
    logLoss: loss / truth.length,
    ece: gap / truth.length,
  };
}
