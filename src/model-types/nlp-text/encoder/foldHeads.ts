import { type DenseFeatures, momentsOf } from '../../../ml/heads/denseFeatures';
import type { LinearHead } from '../../../ml/heads/head';
import { type HeadLabels, rowWeights } from '../../../ml/heads/labels';
import { LinearProducts } from '../../../ml/heads/linearProducts';
import { fitLogistic, type LogisticData, logitsOf, uncentred } from '../../../ml/heads/logistic';
import type { TrainedHead } from '../../../ml/heads/trainHead';
import { Breather } from '../../../ml/nn/training/breather';

/** A head that was trained without the rows of one fold. */
export interface FoldHead {
  head: LinearHead;
  /** The fold's rows, by place, and what this head says of them: calibrated logits, rows × classes. */
  places: Int32Array;
  logits: Float32Array;
}

/** Trains a head without each fold, at the strength and with the calibration of the head of all rows. */
export async function trainFoldHeads(
  features: DenseFeatures,
  labels: HeadLabels,
  folds: readonly Int32Array[],
  { head: whole, strength, scale, shift }: TrainedHead,
  signal: AbortSignal,
): Promise<FoldHead[]> {
  const { classes } = labels;
  const { width } = features;
  const products = await LinearProducts.open(features, classes, 1);
  try {
    const moments = momentsOf(features);
    const data: LogisticData = { products, moments, width, labels };
    const breather = new Breather(signal);
    const heads: FoldHead[] = [];
    for (const places of folds) {
      const weights = rowWeights(labels);
      for (const place of places) weights[place] = 0;
      const learnt = weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
      const solution = new Float64Array(classes * (width + 1));
      const penalty = moments.spread / (strength * Math.max(1, learnt));
      await fitLogistic(data, weights, penalty, solution, breather);
      const found = uncentred(data, solution);
      const head: LinearHead = {
        ...whole,
        weights: found.weights.map((weight) => scale * weight),
        bias: found.bias.map((value) => scale * value + shift),
      };
      const all = await logitsOf(data, solution, breather);
      const logits = new Float32Array(places.length * classes);
      places.forEach((place, i) => {
        for (let c = 0; c < classes; c++) {
          logits[i * classes + c] = scale * all[place * classes + c]! + shift;
        }
      });
      heads.push({ head, places, logits });
    }
    return heads;
  } finally {
    await products.close();
  }
}
