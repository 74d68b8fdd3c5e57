import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { messageOf, TrainyardError } from '../../src/errors';
import { wholeStart } from '../../src/support/words';

/** The server cuts failures at 4 KiB; the whole reason stands in the database. */
const shortMessage = 1000;

/**
 * What Temporal is told about a failure: its type is the kind, and only `infrastructure` is tried
 * again. The SDK's own cancellation passes untouched, so that a worker's shutdown is not mistaken
 * for a cancelled training.
 * @param retryAfterMs when to try again; absent: as the workflow's retry policy says
 */
export function toTemporalFailure(error: unknown, retryAfterMs?: number): Error {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  const retry = retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs };
  if (error instanceof TrainyardError) {
    return ApplicationFailure.create({
      message: shortForm(error.text),
      type: error.kind,
      nonRetryable: error.kind !== 'infrastructure',
      ...retry,
    });
  }
  // A database, a store or a disk that is away throws its library's own errors.
  return ApplicationFailure.create({
    message: shortForm(messageOf(error)),
    type: 'infrastructure',
    ...(error instanceof Error ? { cause: error } : {}),
    ...retry,
  });
}

/** The server takes no half of a surrogate pair. */
function shortForm(message: string): string {
  return wholeStart(message, shortMessage).toWellFormed();
}

/** The run was cancelled by its owner; the workflow ends as `stopped`. */
export function cancelledByOwner(): ApplicationFailure {
  return ApplicationFailure.create({
    message: 'cancelled',
    type: 'cancelled',
    nonRetryable: true,
  });
}

/**
 * Somebody else builds the same result: Temporal asks again after a while. Between two tries nothing is
 * held, and tries that end so leave nothing in the workflow's history, so that a wait may last for days.
 * @param waitedMs since the stage was scheduled: the longer, the rarer are the tries
 */
export function waitForBuilder(waitedMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    message: 'waits for the same result, which another training is making',
    type: 'waiting',
    nextRetryDelay: Math.min(60_000, Math.max(500, waitedMs / 4)),
    category: ApplicationFailureCategory.BENIGN,
  });
}
