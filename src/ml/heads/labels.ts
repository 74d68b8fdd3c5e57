/** What rows are labelled with. */
export type HeadLabels = ClassPerRow | LabelsPerRow;

/** One class per row, for a softmax head. */
export interface ClassPerRow {
  kind: 'softmax';
  classes: number;
  /** By row. */
  classOf: Int32Array;
  /** What a row of each class counts; their overall size does not matter. @default 1 for all */
  classWeights?: Float64Array | undefined;
}

/** Any number of labels per row, for a sigmoid head. */
export interface LabelsPerRow {
  kind: 'sigmoid';
  classes: number;
  /** The labels of row r are `labels[offsets[r]]` to `labels[offsets[r + 1] − 1]`, none of them twice. */
  offsets: Int32Array;
  labels: Int32Array;
}

/** Number of rows that are labelled. */
export function labelledRows(labels: HeadLabels): number {
  return labels.kind === 'softmax' ? labels.classOf.length : labels.offsets.length - 1;
}

/** What each row counts, before any is left out. */
export function rowWeights(labels: HeadLabels): Float64Array {
  const weights = new Float64Array(labelledRows(labels)).fill(1);
  if (labels.kind === 'softmax' && labels.classWeights) {
    for (let row = 0; row < weights.length; row++) {
      weights[row] = labels.classWeights[labels.classOf[row]!]!;
    }
  }
  return weights;
}
