import type { Client } from '@temporalio/client';
import type { ProgressReport } from '../../workflows/types';

const intervalMs = 15_000;
/** Signals stay in the history for ever: few of them. */
const maxSignals = 100;
const deadlineMs = 5_000;

/** Shows an attempt's progress in the Temporal UI, now and then. */
export class WorkflowProgress {
  private sent = 0;
  private sentAt = Date.now();

  constructor(
    private readonly temporal: Client,
    private readonly workflow: { workflowId: string; runId: string },
  ) {}

  /**
   * Nobody waits for it, so a server that hangs holds up nothing; what does not arrive is followed by
   * the next one, and a terminated workflow need not be told.
   */
  report(stage: ProgressReport['stage'], line: string | undefined): void {
    if (line === undefined || this.sent >= maxSignals) return;
    if (Date.now() - this.sentAt < intervalMs) return;
    this.sent++;
    this.sentAt = Date.now();
    const { workflowId, runId } = this.workflow;
    const report: ProgressReport = { stage, line };
    this.temporal
      .withDeadline(Date.now() + deadlineMs, () =>
        this.temporal.workflow.getHandle(workflowId, runId).signal('progress', report),
      )
      .catch(() => undefined);
  }
}
