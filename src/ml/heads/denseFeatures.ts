/** Rows of numbers, such as the embeddings of texts. */
export interface DenseFeatures {
  /** rows × width, row-major. */
  values: Float32Array;
  rows: number;
  width: number;
}

export interface FeatureMoments {
  /** Of each column. */
  mean: Float64Array;
  /** Mean over rows of their squared distance from the mean row. */
  variance: number;
}

export function momentsOf({ values, rows, width }: DenseFeatures): FeatureMoments {
  const mean = new Float64Array(width);
  let square = 0;
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < width; j++) {
      const value = values[row * width + j]!;
      mean[j]! += value;
      square += value * value;
    }
  }
  for (let j = 0; j < width; j++) mean[j]! /= Math.max(1, rows);
  const own = mean.reduce((sum, value) => sum + value * value, 0);
  return { mean, variance: Math.max(0, square / Math.max(1, rows) - own) };
}
