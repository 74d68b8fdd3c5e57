import type { encoderFacts } from '../../../encoder-learning/encoderFacts';
import type { EpochRecord } from '../../../encoder-learning/fineTuning/fineTuningCheckpoint';
import type { HeadTrial } from '../../../ml/heads/trainHead';

interface TrainingCommon {
  format: 1;
  algorithm: string;
  encoder: ReturnType<typeof encoderFacts>;
  rows: number;
  tokens: number;
  labels: number;
  refitted_on_all_rows: boolean;
}

/** What `train.json` says of a head on a frozen encoder. */
export interface FrozenTokenTraining extends TrainingCommon {
  /** Numbers of a token's state. */
  features: number;
  strength: number;
  trials: HeadTrial[];
  calibration: { scale: number; shift: number };
}

/** What `train.json` says of an encoder that was trained whole. */
export interface FullTokenTraining extends TrainingCommon {
  trained_rows: number;
  validation_rows: number;
  windows: number;
  epochs: { most: number; done: number };
  batch_size: number;
  learning_rate: number;
  warmup: number;
  weight_decay: number;
  clip_norm: number;
  dropout: number;
  patience: number;
  /** That windows were padded to. */
  lengths: number[];
  steps: { done: number; best: number };
  stopped_early: boolean;
  history: EpochRecord[];
}

export type TokenTraining = FrozenTokenTraining | FullTokenTraining;
