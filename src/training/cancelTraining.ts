import { WorkflowNotFoundError } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import type { RunRow } from '../database/runs/runs';
import { workflowIdOf } from './workflowIds';

/**
 * Cancels the workflow of a run. One that has ended, or was never started, needs nothing: the run's
 * own `cancel_requested` tells whoever picks it up.
 */
export async function cancelWorkflow(
  temporal: Client,
  run: Pick<RunRow, 'model_id' | 'execution'>,
): Promise<void> {
  try {
    await temporal.workflow.getHandle(workflowIdOf(run.model_id, run.execution)).cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
