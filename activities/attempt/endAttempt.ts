import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { recordOutage, refundAttempt, type StageId } from '../../src/database/runs/stages';
import { messageOf, TrainyardError } from '../../src/errors';
import type { RunHandle } from '../../workflows/types';
import type { ActivityDependencies } from '../dependencies';
import { toTemporalFailure } from './failures';
import { outageDelay, outageOf, throughOutages } from './outages';
import { recordFailure } from './recordFailure';
import type { RunningAttempt } from './runningAttempt';
import { giveUpLease } from './stepCache';

/**
 * Puts down why an attempt ended: its log has the reason, and an outage does not count against the run.
 * @returns what Temporal is to be told
 */
export async function endAttempt(
  { deps, attempt, recorder, heartbeat, outages }: RunningAttempt,
  handle: RunHandle,
  error: unknown,
): Promise<Error> {
  if (heartbeat.lease) await giveUpLease(deps, heartbeat.lease);
  const reason = await heartbeat.explain(error);
  if (reason instanceof ApplicationFailure && reason.type === 'waiting') return reason;
  recorder.log('stderr', `attempt ${attempt.number} ended: ${lineOf(reason)}\n`);
  if (reason instanceof ApplicationFailure || reason instanceof CancelledFailure) return reason;
  if (outageOf(reason) !== undefined) {
    await throughOutages(outages, () => refundAttempt(deps.database, attempt));
  }
  return failStage(deps, attempt, handle, reason);
}

/** The same before an attempt has begun, too. */
export async function failStage(
  deps: ActivityDependencies,
  stage: StageId,
  handle: RunHandle,
  error: unknown,
): Promise<Error> {
  const what = outageOf(error);
  if (what === undefined) {
    await recordFailure(deps, handle, error);
    return toTemporalFailure(error);
  }
  const since = await recordOutage(deps.database, stage).catch(() => undefined);
  const awayMs = since ? Date.now() - since.getTime() : 0;
  const failure =
    awayMs > deps.config.worker.outageMs ? outlasted(stage, what, since!) : waitsFor(stage, what);
  failure.cause = error;
  await recordFailure(deps, handle, failure);
  return toTemporalFailure(failure, outageDelay(awayMs));
}

function waitsFor({ stage }: StageId, what: string): TrainyardError {
  return new TrainyardError(
    'infrastructure',
    'waiting_for_outage',
    `the ${stage} stage waits for ${what}, which is away, and goes on by itself`,
  );
}

function outlasted({ stage }: StageId, what: string, since: Date): TrainyardError {
  return new TrainyardError(
    'limit',
    'outage_too_long',
    `${what} has been away since ${since.toISOString()}, longer than trainings wait (TRAINYARD_OUTAGE_HOURS): ` +
      `the ${stage} stage was given up. POST …/retry goes on once it is back`,
  );
}

function lineOf(reason: Error): string {
  if (reason instanceof CancelledFailure) return 'its worker stops, another attempt goes on';
  return reason instanceof TrainyardError ? reason.text : messageOf(reason).split('\n')[0]!;
}
