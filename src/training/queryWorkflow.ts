import type { Client } from '@temporalio/client';
import type { RunRow } from '../database/runs/runs';
import { workflowIdOf } from './workflowIds';

/** Without a worker a query takes half a minute to fail; the database answers in the meantime. */
const deadlineMs = 250;

/** What it knows a moment earlier than the database. */
export interface LiveStatus {
  stage: string | null;
}

/** The running workflow's own view; undefined when nobody answers in time. */
export async function queryWorkflow(
  temporal: Client,
  run: RunRow,
): Promise<LiveStatus | undefined> {
  const handle = temporal.workflow.getHandle(workflowIdOf(run.model_id, run.execution));
  try {
    return await temporal.withDeadline(Date.now() + deadlineMs, () =>
      handle.query<LiveStatus>('status'),
    );
  } catch {
    return undefined;
  }
}
