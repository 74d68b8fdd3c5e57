import type { HeadTrial } from '../../../ml/heads/trainHead';
import type { TokenizedCounts } from '../../../ml/transformers/files/tokenizer/tokenizeTexts';
import type { encoderFacts } from '../../../encoder-learning/encoderFacts';
import type { Precision } from './encoderBundle';
import type { EpochRecord } from '../../../encoder-learning/fineTuning/fineTuningCheckpoint';
import type { QuantizationTrial } from './tryQuantized';

interface TrainingCommon {
  format: 1;
  algorithm: string;
  encoder: ReturnType<typeof encoderFacts>;
  head: 'softmax' | 'sigmoid';
  rows: number;
  labels: number;
  /** Of the train rows that the encoder read. */
  texts: TokenizedCounts;
  calibration: { scale: number; shift: number };
  refitted_on_all_rows: boolean;
  precision: Precision;
  /** null where int8 was not asked for. */
  quantization: QuantizationTrial | null;
}

/** What `train.json` says of a head on a frozen encoder. */
export interface FrozenTraining extends TrainingCommon {
  /** Numbers of an embedding. */
  features: number;
  strength: number;
  trials: HeadTrial[];
  folds: number;
}

/** What `train.json` says of an encoder that was trained whole. */
export interface FullTraining extends TrainingCommon {
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
  /** The estimate of the peak, in MiB. */
  memory_mb: { one_thread: number; two_threads: number };
  steps: { done: number; best: number };
  stopped_early: boolean;
  history: EpochRecord[];
}

export function isFullTraining(training: FrozenTraining | FullTraining): training is FullTraining {
  return training.encoder.training === 'full';
}
