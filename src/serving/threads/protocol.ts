import type { FailureKind } from '../../errors';
import type { TextPrediction } from '../../model-types/nlp-text/predict/predictor';

/** What every text of one message shares. */
export interface PredictOptions {
  topK: number;
  explain: boolean;
}

/**
 * To the thread; each is answered. Predictions are computed side by side: a short one gets its turn
 * between two runs of a long one.
 */
export type AnsweredRequest =
  | { id: number; do: 'open'; handle: number; folder: string }
  | { id: number; do: 'predict'; handle: number; texts: string[]; options: PredictOptions }
  | { id: number; do: 'close'; handle: number };

/**
 * `abort` ends the prediction with this id soon, which then fails. `end` overtakes what waits and has no
 * answer: the thread is gone.
 */
export type ThreadRequest =
  AnsweredRequest | { id: number; do: 'abort' } | { id: number; do: 'end' };

/** What a thread computed. */
export interface Computed {
  predictions: TextPrediction[];
  /** Milliseconds from the first run to the last. */
  ms: number;
  /** Whether nothing else was computed meanwhile. */
  alone: boolean;
}

/** Nothing for what is opened and closed. */
export type ThreadAnswer = Computed | undefined;

/** From the thread: one for each request. */
export type ThreadReply =
  { id: number; ok: true; answer: ThreadAnswer } | { id: number; ok: false; error: ThreadError };

/** An error in a form that crosses the thread boundary. */
export interface ThreadError {
  kind: FailureKind;
  code: string;
  message: string;
  status: number;
  stack?: string | undefined;
}
