import type { Calibration } from './calibration';
import type { LinearModel } from './linearModel';

/** The learned arrays of a model before they are put in the order of their buckets. */
export interface ModelParts {
  head: LinearModel['head'];
  labels: string[];
  /** Bucket and scale of each feature, in the trainer's order. */
  buckets: Uint32Array;
  scales: Float32Array;
  calibration: Calibration;
  /** Weights of one problem: one per feature and last the bias. */
  weightsOf(problem: number): Promise<Float64Array>;
}

/**
 * Puts the rows in the order of their buckets and folds the calibration into weights and bias. Two
 * labels of a softmax are one problem, whose logit is shared out: minus half and plus half.
 */
export async function assembleModel(parts: ModelParts): Promise<LinearModel> {
  const { head, labels, buckets, scales, calibration } = parts;
  const rows = buckets.length;
  const columns = labels.length;
  const order = Uint32Array.from(buckets.keys()).sort((a, b) => buckets[a]! - buckets[b]!);
  const weights = new Float32Array(rows * columns);
  const bias = new Float32Array(columns);
  const setColumn = (column: number, learned: Float64Array, factor: number, shift: number) => {
    for (let row = 0; row < rows; row++) {
      weights[row * columns + column] = factor * learned[order[row]!]!;
    }
    bias[column] = factor * learned[rows]! + shift;
  };
  const two = head === 'softmax' && columns === 2;
  for (let problem = 0; problem < (two ? 1 : columns); problem++) {
    const learned = await parts.weightsOf(problem);
    const scale = calibration.scale[problem]!;
    const shift = calibration.shift[problem]!;
    if (two) {
      setColumn(0, learned, -scale / 2, -shift / 2);
      setColumn(1, learned, scale / 2, shift / 2);
    } else setColumn(problem, learned, scale, shift);
  }
  return {
    head,
    labels,
    buckets: Uint32Array.from(order, (id) => buckets[id]!),
    scales: Float32Array.from(order, (id) => scales[id]!),
    weights,
    bias,
  };
}
