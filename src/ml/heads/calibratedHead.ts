import type { LinearHead } from './head';
import type { HeadCalibration, HeldOut } from './heldOut';
import { chooseThresholds, type ThresholdGoal } from './thresholds';

/** A head with its calibration folded into weights and bias. */
export function calibratedHead(
  { kind, classes, width, weights, bias }: LinearHead,
  { scale, shift }: Pick<HeadCalibration, 'scale' | 'shift'>,
): LinearHead {
  return {
    kind,
    classes,
    width,
    weights: weights.map((weight) => scale * weight),
    bias: bias.map((value) => scale * value + shift),
  };
}

/** The thresholds of a sigmoid head, from what was held out and how its logits are calibrated. */
export function calibratedThresholds(
  { logits, truth, classes }: HeldOut,
  { scale, shift }: Pick<HeadCalibration, 'scale' | 'shift'>,
  goal: ThresholdGoal,
): Float32Array {
  const probabilities = logits.map((logit) => 1 / (1 + Math.exp(-scale * logit - shift)));
  return chooseThresholds(probabilities, truth as Uint8Array, classes, goal);
}
