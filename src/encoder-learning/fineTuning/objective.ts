import type { EpochMeasures } from './fineTuningCheckpoint';

/** Windows to learn from, and what they should give. */
export interface TrainWindows {
  /** Token ids of each window. */
  rows: readonly Int32Array[];
  /** What chosen windows, padded to `length` tokens, should give: places × labels, see `labelledPlaces`. */
  targets(chosen: Int32Array, length: number): Float32Array;
  /** What the sum of the losses of a batch of these windows is divided by. */
  total(chosen: Int32Array): number;
  /** What these windows weigh beside the others of their batch. */
  weight(chosen: Int32Array): number;
}

/** What the parameters are worth on windows that were not learned from. */
export interface Judgement {
  /** Higher is better. */
  score: number;
  measures: EpochMeasures;
}

/** Windows to judge by. */
export interface ValidationWindows<Found extends Judgement> {
  rows: readonly Int32Array[];
  /** The measures where there are no windows. */
  unmeasured: EpochMeasures;
  /** Begins a look at all windows. */
  judge(): Judge<Found>;
}

/** Takes what the parameters say of each window, then judges. */
export interface Judge<Found extends Judgement> {
  /** @param logits of the window's places, padding included; good only during the call */
  take(window: number, logits: Float32Array): void;
  end(): Found;
}
