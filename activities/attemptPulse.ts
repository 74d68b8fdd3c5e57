import { CancelledFailure, Context } from '@temporalio/activity';
import { renewCacheLease } from '../src/database/cacheEntries';
import { forgiveAttempt, pulse } from '../src/database/stages';
import { TrainyardError } from '../src/errors';
import type { Attempt, AttemptJournal } from './attemptJournal';
import type { ActivityDependencies } from './dependencies';
import { cancelledByOwner } from './failures';
import { CACHE_LEASE_SECONDS, type CacheTicket } from './stepCache';
import { WorkflowProgress } from './workflowProgress';

const PULSE_MS = 1000;
const LEASE_RENEWAL_BEATS = 5;

/**
 * Beats once a second while an attempt lives: tells Temporal so, writes what the attempt said,
 * renews its cache lease, and learns whether it may go on. `signal` aborts when it may not.
 */
export class AttemptPulse {
  /** Set once the cache has told this attempt to make the result. */
  lease?: Extract<CacheTicket, { answer: 'make' }>;
  private readonly controller = new AbortController();
  private readonly activity = Context.current();
  private readonly workflow: WorkflowProgress;
  private readonly timer: NodeJS.Timeout;
  private beating: Promise<void> = Promise.resolve();
  private beats = 0;
  private reason: 'cancelled' | 'fenced' | undefined;

  constructor(
    private readonly deps: ActivityDependencies,
    private readonly attempt: Attempt,
    private readonly journal: AttemptJournal,
  ) {
    this.workflow = new WorkflowProgress(deps.temporal, this.activity.info.workflowExecution!);
    this.activity.cancellationSignal.addEventListener('abort', this.abort, { once: true });
    this.timer = setInterval(() => {
      this.activity.heartbeat();
      this.beating = this.beating.then(() => this.beat());
    }, PULSE_MS);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Ends the beat and writes the rest. Never throws: the attempt's own outcome matters more. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.activity.cancellationSignal.removeEventListener('abort', this.abort);
    await this.beating;
    await this.journal.flush().catch((error: unknown) => {
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
      const { runId, stage, fence } = this.attempt;
      await forgiveAttempt(this.deps.database, runId, stage, fence).catch(() => undefined);
      const reason: unknown = this.activity.cancellationSignal.reason;
      return reason instanceof Error ? reason : new CancelledFailure('CANCELLED');
    }
    return error instanceof Error ? error : new Error(String(error));
  }

  private readonly abort = () => this.controller.abort();

  private async beat(): Promise<void> {
    const line = this.journal.line;
    // What cannot be written, as the run was deleted, must not hide that the run is gone.
    await this.journal.flush().catch(this.missed);
    try {
      if (line !== undefined) await this.workflow.report({ stage: this.attempt.name, line });
      const { runId, stage, fence, ownerId } = this.attempt;
      const state = await pulse(this.deps.database, runId, stage, fence);
      if (state.fenced || state.cancelRequested) {
        this.reason ??= state.fenced ? 'fenced' : 'cancelled';
        this.controller.abort();
      }
      if (this.lease && this.beats++ % LEASE_RENEWAL_BEATS === 0) {
        const { key, maker } = this.lease;
        await renewCacheLease(this.deps.database, ownerId, key, maker, CACHE_LEASE_SECONDS);
      }
    } catch (error) {
      this.missed(error);
    }
  }

  /** The database is away: the work goes on, and its publication will tell. */
  private readonly missed = (error: unknown): void => {
    this.deps.logger.warn({ err: error, ...this.attempt }, 'pulse missed');
  };
}
