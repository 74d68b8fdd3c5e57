import {
  ActivityCancellationType,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { LifecycleActivities, StageActivities, TimeoutOptions } from './types';

/**
 * The stages, on a task queue. They have no limit on attempts: the database counts attempts without a
 * newer checkpoint. One that waits, for a result that another training builds or for the end of an
 * outage, fails and is tried again, which leaves nothing in the history.
 */
export function stagesOn(
  taskQueue: string,
  { heartbeatMs }: TimeoutOptions,
  priority: { priorityKey: number; fairnessKey: string },
): StageActivities {
  return proxyActivities<StageActivities>({
    taskQueue,
    priority,
    startToCloseTimeout: '7 days',
    heartbeatTimeout: heartbeatMs,
    // `stopped` means that no process of the training is left.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '500ms', maximumInterval: '30s' },
  });
}

export const lifecycle = proxyLocalActivities<LifecycleActivities>({
  startToCloseTimeout: '5 minutes',
  retry: { initialInterval: '200ms', maximumInterval: '1 minute' },
  // Longer pauses are timers: a workflow task that is kept open grows the history every few seconds.
  localRetryThreshold: '10s',
});
