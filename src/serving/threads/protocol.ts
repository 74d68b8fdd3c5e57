import type { FailureKind } from '../../errors';
import type { TextPrediction } from '../../model-types/nlp-text/predictor';

/** What every text of one message shares. */
export interface PredictOptions {
  topK: number;
  explain: boolean;
}

/** To the thread. These are worked on one at a time, in the order they come, and answered. */
export type AnsweredRequest =
  | { id: number; do: 'open'; handle: number; folder: string }
  | { id: number; do: 'predict'; handle: number; texts: string[]; options: PredictOptions }
  | { id: number; do: 'close'; handle: number };

/** `end` overtakes what waits and has no answer: the thread is gone. */
export type ThreadRequest = AnsweredRequest | { id: number; do: 'end' };

/** What a model says of itself when it is opened. */
export interface OpenedModel {
  labels: number;
}

export type ThreadAnswer = OpenedModel | TextPrediction[] | undefined;

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
