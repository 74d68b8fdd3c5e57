import type { Yielder } from '../nn/training/yielder';
import type { FeatureMoments } from './denseFeatures';
import type { HeadLabels } from './labels';
import { minimise } from './lbfgs';
import type { LinearProducts } from './linearProducts';
import { lossOf } from './losses';

/** A data set that logistic regressions are fitted to. */
export interface LogisticData {
  products: LinearProducts;
  moments: FeatureMoments;
  width: number;
  labels: HeadLabels;
}

/**
 * Weights of a logistic regression on features that are centred and divided by the root of their variance:
 * classes × width and then one bias per class. Centring leaves the solution as it is, since the bias
 * is free, and lets L-BFGS need fewer steps; dividing makes a penalty mean the same for all features.
 */
export type LogisticWeights = Float64Array;

/**
 * Fits a logistic regression: mean loss + penalty/2 · ‖weights‖², the bias being free. The labels of a
 * sigmoid head are fitted at once, which is as good as one by one.
 *
 * @param weights of the rows; one of 0 leaves its row out
 * @param solution where to begin; holds the solution at the end
 */
export async function fitLogistic(
  data: LogisticData,
  weights: Float64Array,
  penalty: number,
  solution: LogisticWeights,
  yielder: Yielder,
): Promise<{ loss: number; evaluations: number }> {
  const { products, moments, width, labels } = data;
  const total = weights.reduce((a, b) => a + b, 0);
  const cells = labels.classes * width;
  const objective = async (x: Float64Array, gradient: Float64Array): Promise<number> => {
    const { weights: products32, bias } = uncentred(data, x);
    let loss = 0;
    gradient.fill(0);
    for (const block of products.blocks()) {
      await yielder.yieldToEventLoop();
      const errors = await products.logits(block, products32, bias);
      loss += lossOf(labels, errors, block.first, weights);
      addBiasGradient(gradient.subarray(cells), errors);
      addAll(gradient, await products.gradient(block, errors));
    }
    standardise(gradient, moments, labels.classes);
    let square = 0;
    for (let i = 0; i < gradient.length; i++) {
      gradient[i]! /= total;
      if (i >= cells) continue;
      gradient[i]! += penalty * x[i]!;
      square += x[i]! * x[i]!;
    }
    return loss / total + (penalty / 2) * square;
  };
  const { value, evaluations } = await minimise(objective, solution);
  return { loss: value, evaluations };
}

/** The same regression for features as they are. */
export function uncentred(
  { moments, width, labels }: LogisticData,
  x: LogisticWeights,
): { weights: Float32Array; bias: Float32Array } {
  const cells = labels.classes * width;
  const factor = 1 / unit(moments);
  const weights = Float32Array.from(x.subarray(0, cells), (value) => factor * value);
  const bias = new Float32Array(labels.classes);
  for (let c = 0; c < labels.classes; c++) {
    let shift = x[cells + c]!;
    for (let j = 0; j < width; j++) shift -= weights[c * width + j]! * moments.mean[j]!;
    bias[c] = shift;
  }
  return { weights, bias };
}

/** Logits of all rows. */
export async function logitsOf(
  data: LogisticData,
  solution: LogisticWeights,
  yielder: Yielder,
): Promise<Float32Array> {
  const { weights, bias } = uncentred(data, solution);
  const blocks = data.products.blocks();
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const logits = new Float32Array(rows * data.labels.classes);
  for (const block of blocks) {
    await yielder.yieldToEventLoop();
    const part = await data.products.logits(block, weights, bias);
    logits.set(part, block.first * data.labels.classes);
  }
  return logits;
}

function addBiasGradient(gradient: Float64Array, errors: Float32Array): void {
  const classes = gradient.length;
  for (let at = 0; at < errors.length; at += classes) {
    for (let c = 0; c < classes; c++) gradient[c]! += errors[at + c]!;
  }
}

function addAll(target: Float64Array, source: Float32Array): void {
  for (let i = 0; i < source.length; i++) target[i]! += source[i]!;
}

/** Σ error · (x − mean) / unit from Σ error · x, the sums of the errors being the bias's gradient. */
function standardise(gradient: Float64Array, moments: FeatureMoments, classes: number): void {
  const { mean } = moments;
  const width = mean.length;
  const factor = 1 / unit(moments);
  for (let c = 0; c < classes; c++) {
    const sum = gradient[classes * width + c]!;
    for (let j = 0; j < width; j++) {
      const at = c * width + j;
      gradient[at] = factor * (gradient[at]! - sum * mean[j]!);
    }
  }
}

function unit({ variance }: FeatureMoments): number {
  return variance > 0 ? Math.sqrt(variance) : 1;
}
