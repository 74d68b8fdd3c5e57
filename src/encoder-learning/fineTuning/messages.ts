import type { EncoderConfig } from '../../ml/transformers/encoderConfig';
import type { TokenBatch } from '../../ml/transformers/tokenBatch';
import type { HeadKind } from '../../ml/transformers/trainingGraph';

/** What a thread that computes training steps is started with. */
export interface FineTunerData {
  config: EncoderConfig;
  labels: number;
  head: HeadKind;
  dropout: number;
  /** The dense parameters, written by the main thread between steps. */
  parameters: SharedArrayBuffer;
  /** Where the thread leaves its dense gradients. */
  gradients: SharedArrayBuffer;
}

/** Rows to run, with each token's rows of the tables as they are now. */
export interface TokenRows {
  batch: TokenBatch;
  /** tokens × hidden for each table. */
  tables: Float32Array[];
  /** Raised whenever the dense parameters have changed. */
  version: number;
}

export interface StepJob extends TokenRows {
  type: 'step';
  targets: Float32Array;
  total: number;
  key: number;
}

export interface ScoreJob extends TokenRows {
  type: 'score';
}

export type ToFineTuner = StepJob | ScoreJob | { type: 'close' };

export interface JobResult {
  /** Of a step; 0 of a scoring. */
  loss: number;
  /** Places × labels, see `labelledPlaces`. */
  logits: Float32Array;
  /** Of a step: the gradient of each token's embedding, tokens × hidden; empty for a scoring. */
  embeddings: Float32Array;
}

export type FromFineTuner = ({ type: 'done' } & JobResult) | { type: 'failed'; message: string };
