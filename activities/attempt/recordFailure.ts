import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { storableJson } from '../../src/database/storable';
import { TrainyardError } from '../../src/errors';
import type { RunHandle } from '../../workflows/types';
import type { ActivityDependencies } from '../dependencies';

/** Keeps the whole reason in the database: a failure's own message is cut short by the server. */
export async function recordFailure(
  deps: Pick<ActivityDependencies, 'database' | 'logger'>,
  handle: RunHandle,
  error: unknown,
): Promise<void> {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return;
  deps.logger.warn({ err: error, ...handle }, 'attempt failed');
  if (!(error instanceof TrainyardError) || error.code === 'fenced') return;
  const { kind, code, message } = error;
  await deps.database
    .query('UPDATE run SET error = $2 WHERE id = $1 AND execution = $3', [
      handle.runId,
      storableJson({ kind, code, message }),
      handle.execution,
    ])
    .catch((cause: unknown) => {
      deps.logger.warn({ err: cause, ...handle }, 'the reason of a failure was not recorded');
    });
}
