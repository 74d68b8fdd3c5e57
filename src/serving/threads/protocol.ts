import type { FailureKind } from '../../errors';
import type { ActionOptions } from '../../model-types/contract/servedModel';

/** Items of one message: what each is computed with is the same. */
export interface Work {
  /** One that the model's kind declares. */
  action: string;
  items: unknown[];
  options: ActionOptions;
}

/**
 * To the thread; each is answered. Runs are computed side by side: a short one gets its turn
 * between two steps of a long one.
 */
export type AnsweredRequest =
  | { id: number; do: 'open'; handle: number; type: string; folder: string }
  | { id: number; do: 'run'; handle: number; work: Work }
  | { id: number; do: 'close'; handle: number };

/**
 * `abort` ends the run with this id soon, which then fails. `end` overtakes what waits and has no
 * answer: the thread is gone.
 */
export type ThreadRequest =
  AnsweredRequest | { id: number; do: 'abort' } | { id: number; do: 'end' };

/** What a thread computed. */
export interface Computed {
  results: unknown[];
  /** Milliseconds from the first step to the last. */
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
