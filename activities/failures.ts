import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { messageOf, TrainyardError } from '../src/errors';
import { wholeStart } from '../src/words';

/** The server cuts failures at 4 KiB; the whole reason stands in the database. */
const SHORT_MESSAGE = 1000;

/**
 * What Temporal is told about a failure: its type is the kind, and only `infrastructure` is tried
 * again. The SDK's own cancellation passes untouched, so that a worker's shutdown is not mistaken
 * for a cancelled training.
 */
export function toTemporalFailure(error: unknown): Error {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  if (error instanceof TrainyardError) {
    return ApplicationFailure.create({
      message: shortForm(error.text),
      type: error.kind,
      nonRetryable: error.kind !== 'infrastructure',
    });
  }
  // A database, a store or a disk that is away throws its library's own errors.
  return ApplicationFailure.create({
    message: shortForm(messageOf(error)),
    type: 'infrastructure',
    ...(error instanceof Error ? { cause: error } : {}),
  });
}

/** The server takes no half of a surrogate pair. */
function shortForm(message: string): string {
  return wholeStart(message, SHORT_MESSAGE).toWellFormed();
}

/** The run was cancelled by its owner; the workflow ends as `stopped`. */
export function cancelledByOwner(): ApplicationFailure {
  return ApplicationFailure.create({
    message: 'cancelled',
    type: 'cancelled',
    nonRetryable: true,
  });
}
