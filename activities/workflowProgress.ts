import type { Client } from '@temporalio/client';
import { messageOf } from '../src/errors';
import type { ProgressReport } from '../workflows/types';

const INTERVAL_MS = 15_000;
/** Signals stay in the history for ever: few of them. */
const MAX_SIGNALS = 100;

/** Shows an attempt's progress in the Temporal UI, now and then. */
export class WorkflowProgress {
  private sent = 0;
  private sentAt = Date.now();

  constructor(
    private readonly temporal: Client,
    private readonly workflow: { workflowId: string; runId: string },
  ) {}

  async report(report: ProgressReport): Promise<void> {
    if (this.sent >= MAX_SIGNALS || Date.now() - this.sentAt < INTERVAL_MS) return;
    this.sent++;
    this.sentAt = Date.now();
    const { workflowId, runId } = this.workflow;
    try {
      await this.temporal.workflow.getHandle(workflowId, runId).signal('progress', report);
    } catch (error) {
      // A terminated workflow cannot be told; the attempt learns of it by its heartbeat.
      if (!/not found|completed/i.test(messageOf(error))) throw error;
    }
  }
}
