import { CancelledFailure, Context } from '@temporalio/activity';
import { renewCacheLease } from '../../src/database/runs/cacheEntries';
import { attemptState, refundAttempt } from '../../src/database/runs/stages';
import { TrainyardError } from '../../src/errors';
import type { ActivityDependencies } from '../dependencies';
import type { Attempt } from './attempt';
import { cancelledByOwner } from './failures';
import type { AttemptRecorder } from './recorder';
import { cacheLeaseSeconds, type CacheLease } from './stepCache';
import { WorkflowProgress } from './workflowProgress';

const intervalMs = 1000;
const leaseRenewalMs = 5000;

/**
 * Once a second while an attempt lives: tells Temporal so, writes what the attempt said, renews its cache
 * lease, and learns whether it may go on. `signal` aborts when it may not.
 */
export class AttemptHeartbeat {
  /** Set once the step cache has told this attempt to build the result. */
  lease?: CacheLease;
  private leaseRenewedAt = performance.now();
  private readonly controller = new AbortController();
  private readonly activity = Context.current();
  private readonly workflow: WorkflowProgress;
  private readonly timer: NodeJS.Timeout;
  private beating: Promise<void> | undefined;
  private reason: 'cancelled' | 'fenced' | undefined;

  constructor(
    private readonly deps: ActivityDependencies,
    private readonly attempt: Attempt,
    private readonly recorder: AttemptRecorder,
  ) {
    this.workflow = new WorkflowProgress(deps.temporal, this.activity.info.workflowExecution!);
    const { cancellationSignal } = this.activity;
    // The worker may have begun to stop while the attempt was claimed.
    if (cancellationSignal.aborted) this.abort();
    else cancellationSignal.addEventListener('abort', this.abort, { once: true });
    this.timer = setInterval(() => {
      this.activity.heartbeat();
      // What the database keeps waiting is not asked twice at once.
      this.beating ??= this.beat().finally(() => (this.beating = undefined));
    }, intervalMs);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Ends the heartbeat and writes the rest. Never throws: the attempt's own outcome matters more. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.activity.cancellationSignal.removeEventListener('abort', this.abort);
    await this.beating;
    await this.recorder.flush(true).catch((error: unknown) => {
      this.deps.logger.warn({ err: error, ...this.attempt }, 'the last log lines were not written');
    });
  }

  /** The failure to report, given what ended the work. */
  async explain(error: unknown): Promise<Error> {
    if (this.reason === 'cancelled') return cancelledByOwner();
    if (this.reason === 'fenced') {
      return new TrainyardError('infrastructure', 'fenced', 'a newer attempt owns this stage');
    }
    if (this.activity.cancellationSignal.aborted) {
      await refundAttempt(this.deps.database, this.attempt).catch((cause: unknown) => {
        this.deps.logger.warn({ err: cause, ...this.attempt }, 'an attempt was not refunded');
      });
      const reason: unknown = this.activity.cancellationSignal.reason;
      return reason instanceof Error ? reason : new CancelledFailure('CANCELLED');
    }
    return error instanceof Error ? error : new Error(String(error));
  }

  private readonly abort = () => this.controller.abort();

  private async beat(): Promise<void> {
    this.workflow.report(this.attempt.name, this.recorder.line);
    // What cannot be written, as the run was deleted, must not hide that the run is gone.
    await this.recorder.flush().catch(this.missed);
    try {
      const state = await attemptState(this.deps.database, this.attempt);
      if (state.fenced || state.cancelRequested) {
        this.reason ??= state.fenced ? 'fenced' : 'cancelled';
        this.controller.abort();
      }
      await this.renewLease();
    } catch (error) {
      this.missed(error);
    }
  }

  private async renewLease(): Promise<void> {
    const now = performance.now();
    if (!this.lease || now - this.leaseRenewedAt < leaseRenewalMs) return;
    this.leaseRenewedAt = now;
    await renewCacheLease(this.deps.database, this.lease, cacheLeaseSeconds);
  }

  /** The database is away: the work goes on, and its publication waits for it. */
  private readonly missed = (error: unknown): void => {
    this.deps.logger.warn({ err: error, ...this.attempt }, 'heartbeat missed');
  };
}
