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

/** A row's label and its probabilities by a model that was not trained on the row. */
export interface UnseenScores {
  row: number;
  label: number;
  probabilities: ArrayLike<number>;
}

/** A row whose label the model has reason to doubt. */
export interface DoubtedLabel {
  row: number;
  label: number;
  suggested: number;
  labelProbability: number;
  suggestedProbability: number;
}

/**
 * Confident learning (Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty
 * in Dataset Labels"). A class's threshold is the mean probability that rows of that label get for
 * it. A row is doubted when, among the classes whose threshold it reaches, the likeliest is not its
 * own. So a class that the model finds hard needs less to be believed than an easy one.
 *
 * @param rows gives all rows anew each time: they are read twice
 * @param listed how many are returned: the clearest, by the gap between the two probabilities
 */
export function doubtLabels(
  rows: () => Iterable<UnseenScores>,
  labels: number,
  listed: number,
): { checked: number; count: number; clearest: DoubtedLabel[] } {
  const thresholds = selfConfidence(rows(), labels);
  const clearest: DoubtedLabel[] = [];
  const gap = (doubt: DoubtedLabel) => doubt.suggestedProbability - doubt.labelProbability;
  let checked = 0;
  let count = 0;
  for (const { row, label, probabilities } of rows()) {
    checked++;
    let suggested = -1;
    for (let c = 0; c < labels; c++) {
      if (probabilities[c]! < thresholds[c]!) continue;
      if (suggested < 0 || probabilities[c]! > probabilities[suggested]!) suggested = c;
    }
    if (suggested < 0 || suggested === label) continue;
    count++;
    const doubt: DoubtedLabel = {
      row,
      label,
      suggested,
      labelProbability: probabilities[label]!,
      suggestedProbability: probabilities[suggested]!,
    };
    let place = clearest.length;
    while (place > 0 && gap(clearest[place - 1]!) < gap(doubt)) place--;
    clearest.splice(place, 0, doubt);
    if (clearest.length > listed) clearest.pop();
  }
  return { checked, count, clearest };
}

/** Mean probability of a label over the rows that have it; a label without rows can never be believed. */
function selfConfidence(rows: Iterable<UnseenScores>, labels: number): Float64Array {
  const sums = new Float64Array(labels);
  const counts = new Float64Array(labels);
  for (const { label, probabilities } of rows) {
    sums[label]! += probabilities[label]!;
    counts[label]!++;
  }
  return sums.map((sum, c) => (counts[c] === 0 ? Infinity : sum / counts[c]!));
}
