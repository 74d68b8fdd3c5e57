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

/** Rows, their labels, and what models that were not trained on them say. */
export interface UnseenOpinions {
  /** Label of each row. */
  labels: Int32Array;
  /** Rows × labels, row-major. */
  probabilities: Float32Array;
  labelCount: number;
}

/** A row, by its place in UnseenOpinions, that likely has the label `suggested` rather than its own. */
export interface DoubtedRow {
  place: number;
  suggested: number;
}

/**
 * Confident learning (Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty
 * in Dataset Labels"). A label is believed from the mean probability on that rows of that label get
 * for it, so that a hard label needs less than an easy one. A row is doubted when, of the labels that
 * are believed of it, the likeliest is not its own, and is likelier than its own. The last is no part of
 * the paper but of its authors' code: a rare label is believed from a probability near 0 on, and would be
 * suggested for rows that surely have their own. Of a label with a single row, the models that judge that
 * row know nothing: it is neither doubted nor suggested.
 *
 * @returns the doubted rows, the clearest first: by the gap between the two probabilities, then by row
 */
export function findLabelIssues(opinions: UnseenOpinions): DoubtedRow[] {
  const { labels, probabilities, labelCount } = opinions;
  const thresholds = selfConfidence(opinions);
  const doubted: DoubtedRow[] = [];
  for (let place = 0; place < labels.length; place++) {
    if (thresholds[labels[place]!] === Infinity) continue;
    const start = place * labelCount;
    let suggested = -1;
    for (let label = 0; label < labelCount; label++) {
      const probability = probabilities[start + label]!;
      if (probability < thresholds[label]!) continue;
      if (suggested < 0 || probability > probabilities[start + suggested]!) suggested = label;
    }
    const own = probabilities[start + labels[place]!]!;
    if (suggested >= 0 && probabilities[start + suggested]! > own)
      doubted.push({ place, suggested });
  }
  const gap = ({ place, suggested }: DoubtedRow): number =>
    probabilities[place * labelCount + suggested]! -
    probabilities[place * labelCount + labels[place]!]!;
  return doubted.sort((a, b) => gap(b) - gap(a) || a.place - b.place);
}

/** Mean probability of a label over the rows that have it; Infinity for fewer than two rows. */
function selfConfidence({ labels, probabilities, labelCount }: UnseenOpinions): Float64Array {
  const sums = new Float64Array(labelCount);
  const counts = new Float64Array(labelCount);
  labels.forEach((label, place) => {
    sums[label]! += probabilities[place * labelCount + label]!;
    counts[label]!++;
  });
  return sums.map((sum, label) => (counts[label]! < 2 ? Infinity : sum / counts[label]!));
}
