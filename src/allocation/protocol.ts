import type { StageFailure, StageProgress, StageWarning } from '../stage/stageContext';

/** What a child process is told to do: folders and plain values, no credentials. */
export interface AllocationJob {
  modelType: string;
  stage: string;
  /** It reads files of strangers. */
  readsUploads: boolean;
  /** Its warnings are kept among its outputs, for those who take them from the cache. */
  keepsWarnings: boolean;
  options: unknown;
  /** Absolute folders. */
  inputs: string;
  outputs: string;
  checkpoints: string;
  resume?: { step: number; path: string };
  cores: number;
  memoryMb: number;
}

export type ToChild =
  | { type: 'start'; job: AllocationJob }
  | { type: 'checkpoint_saved'; step: number }
  | { type: 'checkpoint_refused'; step: number }
  /** Save a checkpoint at the next chance: the worker is about to stop. */
  | { type: 'save' }
  | { type: 'abort' };

export type FromChild =
  | { type: 'progress'; progress: StageProgress }
  | { type: 'metric'; name: string; step: number; value: number }
  | { type: 'warning'; warning: StageWarning }
  /** The content lies in a file of the checkpoints folder. */
  | { type: 'checkpoint'; step: number; path: string }
  | { type: 'done' }
  | { type: 'failed'; failure: StageFailure };
