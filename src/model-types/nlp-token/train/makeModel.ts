import type { CrfModel } from '../bundle/crfModel';
import type { FittedWeights } from './trainState';

/**
 * A model of trained weights. Features whose weights stayed 0 are left out.
 * @param known features, by the rows of the weights
 * @param penalty what makes being outside less likely
 */
export function makeModel(
  { tags, unit, features }: Pick<CrfModel, 'tags' | 'unit' | 'features'>,
  known: Uint32Array,
  { weights, transitions }: FittedWeights,
  penalty: number,
): CrfModel {
  const labels = 1 + 2 * tags.length;
  const used = known
    .map((_, row) => row)
    .filter((row) => {
      for (let l = 0; l < labels; l++) if (weights[row * labels + l] !== 0) return true;
      return false;
    });
  const kept = new Float32Array(used.length * labels);
  used.forEach((row, i) =>
    kept.set(weights.subarray(row * labels, (row + 1) * labels), i * labels),
  );
  const bias = new Float32Array(labels);
  bias[0] = -penalty;
  return {
    tags,
    unit,
    features,
    known: used.map((row) => known[row]!),
    weights: kept,
    bias,
    transitions,
  };
}
