import { sigmoidFit, sigmoidSlope, softmaxScale, softmaxSlope } from '../linear/calibration';
import type { HeadLabels } from './labels';

/** Logits of rows that their models were not trained on, and what is true of them. */
export interface HeldOut {
  /** rows × classes */
  logits: Float32Array;
  /** The class of each row, or 0 and 1 for each row and label. */
  truth: Int32Array | Uint8Array;
  classes: number;
}

/** `scale · logit + shift` is a calibrated logit. */
export interface HeadCalibration {
  scale: number;
  shift: number;
  /** Mean log loss of the calibrated probabilities; of a sigmoid head, over rows and labels. */
  loss: number;
}

export function heldOut(labels: HeadLabels, rows: readonly number[]): HeldOut {
  const { classes } = labels;
  const logits = new Float32Array(rows.length * classes);
  if (labels.kind === 'softmax') {
    return { logits, classes, truth: Int32Array.from(rows, (row) => labels.classOf[row]!) };
  }
  const truth = new Uint8Array(rows.length * classes);
  rows.forEach((row, i) => {
    for (let l = labels.offsets[row]!; l < labels.offsets[row + 1]!; l++) {
      truth[i * classes + labels.labels[l]!] = 1;
    }
  });
  return { logits, classes, truth };
}

/**
 * One scale for all classes, and for a sigmoid head one shift too. Regularised heads are too timid: on
 * banking77 this takes 5 to 30 % off the log loss of new rows.
 */
export function calibrate({ logits, truth, classes }: HeldOut): HeadCalibration {
  if (truth.length === 0) return { scale: 1, shift: 0, loss: 0 };
  if (truth instanceof Int32Array) {
    const scale = softmaxScale(logits, truth, classes);
    return { scale, shift: 0, loss: softmaxSlope(logits, truth, classes, scale).loss };
  }
  const [scale, shift] = sigmoidFit(logits, truth, [1, 0], 1);
  return { scale, shift, loss: sigmoidSlope(logits, truth, [scale, shift]).loss };
}
