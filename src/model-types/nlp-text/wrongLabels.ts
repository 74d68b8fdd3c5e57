/** A train row whose label is likely wrong. */
export interface LikelyWrongLabel {
  /** From 1, over the train rows. */
  row: number;
  /** In one line, at most 200 characters. */
  text: string;
  label: string;
  /** What the model would call it, without having seen the row. */
  suggested: string;
  /** Of the row's own label, and of the suggested one. */
  label_probability: number;
  suggested_probability: number;
}

/** What the check of labels found. */
export interface LikelyWrongLabels {
  /** Rows that could be checked: those that a model scored without having been trained on them. */
  checked: number;
  count: number;
  /** The clearest ones. */
  examples: LikelyWrongLabel[];
}

/** What a model says of rows that it was not trained on; arrays with one entry for each row. */
export interface UnseenOpinions {
  /** The row's own label. */
  labels: Int32Array;
  /** Its probability; NaN for a row that no such model was asked about. */
  own: Float32Array;
  /** The likeliest label, and its probability. */
  likeliest: Int32Array;
  likeliestProbability: Float32Array;
}

/**
 * Confident learning (Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty
 * in Dataset Labels"): a class is believed from the mean probability on that rows of its label get
 * for it, so that a hard class needs less than an easy one. A row is doubted when its likeliest
 * label is another than its own, and is believed. (The paper looks at all labels that are believed;
 * the likeliest alone keeps memory at a few bytes a row.)
 *
 * @returns the numbers of the doubted rows, the clearest first: by the gap between the two
 *   probabilities, then by row; and how many rows could be checked
 */
export function doubtLabels(
  opinions: UnseenOpinions,
  labelCount: number,
): { checked: number; doubted: number[] } {
  const { labels, own, likeliest, likeliestProbability } = opinions;
  const thresholds = selfConfidence(opinions, labelCount);
  const doubted: number[] = [];
  let checked = 0;
  for (let row = 0; row < labels.length; row++) {
    if (Number.isNaN(own[row])) continue;
    checked++;
    const other = likeliest[row]!;
    if (other !== labels[row] && likeliestProbability[row]! >= thresholds[other]!)
      doubted.push(row);
  }
  const gap = (row: number) => likeliestProbability[row]! - own[row]!;
  return { checked, doubted: doubted.sort((a, b) => gap(b) - gap(a) || a - b) };
}

/** Mean probability of a label over the rows that have it; a label without rows can never be believed. */
function selfConfidence({ labels, own }: UnseenOpinions, labelCount: number): Float64Array {
  const sums = new Float64Array(labelCount);
  const counts = new Float64Array(labelCount);
  labels.forEach((label, row) => {
    if (Number.isNaN(own[row])) return;
    sums[label]! += own[row]!;
    counts[label]!++;
  });
  return sums.map((sum, label) => (counts[label] === 0 ? Infinity : sum / counts[label]!));
}
