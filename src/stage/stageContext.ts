import type { FailureKind } from '../errors';

/** Something a person should know about; ends up in `GET …/status` and the report. */
export interface StageWarning {
  code: string;
  message: string;
}

export interface StageProgress {
  /** Work done and to do, in `unit`s; `total` absent while unknown. */
  done: number;
  total?: number;
  unit: 'rows' | 'files' | 'steps' | 'epochs';
  /** One short line for people: `epoch 3 of 8, loss 0.412`. */
  detail?: string;
}

/**
 * All that a heavy stage sees of the world. It runs in a child process with a folder of inputs and a
 * folder for outputs; it opens no database, network or artifact store.
 */
export interface StageContext {
  /** Inputs laid out by the activity, one sub-folder or file per name; read-only. */
  readonly inputs: string;
  /** What the stage leaves here is published when it returns. Empty at start. */
  readonly outputs: string;
  /** Threads the stage may use. Must not change a byte of the outputs. */
  readonly cores: number;
  /** Memory limit of the process in MiB. */
  readonly memoryMb: number;
  /** Fires when nobody wants the work any more. Look at it every 200 ms: after two seconds the process is killed. */
  readonly signal: AbortSignal;
  progress(progress: StageProgress): void;
  /** One value of a metric's history, such as ('train_loss', epoch, value). */
  metric(name: string, step: number, value: number): void;
  warn(warning: StageWarning): void;
  /** The newest accepted checkpoint of an earlier attempt, as a file; undefined on a fresh start. */
  readonly resume?: { step: number; path: string };
  /** A checkpoint is wanted at the next chance, before its time: the worker is about to stop. */
  readonly checkpointRequested: boolean;
  /**
   * Publishes a checkpoint: `step` increases strictly. Resolves once it is durable; rejects when a
   * newer attempt owns the stage, and then the work must stop.
   *
   * @param parts its bytes, one part after another, of any size together. Views of living state will do:
   * they are written before this returns.
   */
  checkpoint(step: number, parts: readonly Uint8Array[]): Promise<void>;
}

/** A failed stage, in a form that crosses the process boundary. */
export interface StageFailure {
  kind: FailureKind;
  code: string;
  message: string;
}
