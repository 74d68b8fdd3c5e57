import {
  ActivityCancellationType,
  CancellationScope,
  defineQuery,
  defineSignal,
  isCancellation,
  log,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  ActivityFailure,
  ApplicationFailure,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type {
  LifecycleActivities,
  ProgressReport,
  RunHandle,
  StageActivities,
  StageName,
  TimeoutOptions,
  WorkflowStatus,
} from './types';

export const statusQuery = defineQuery<WorkflowStatus>('status');
export const progressSignal = defineSignal<[ProgressReport]>('progress');

const trainStatus = defineSearchAttributeKey('TrainStatus', 'KEYWORD');
const bestScore = defineSearchAttributeKey('BestScore', 'DOUBLE');

/** Shards of one run that are handed out at once: enough for many workers, and other runs get their turn. */
const SHARDS_AT_ONCE = 64;

/** Of Temporal's range: 1 goes first. */
const HIGHEST_PRIORITY = 1;
const LOWEST_PRIORITY = 5;

/** The verbs that every training recipe is written with. */
export interface Pipeline {
  stage(name: StageName): Promise<void>;
  /** A stage whose shards are worked on at once, by as many workers as there are. */
  shards(name: StageName): Promise<void>;
  report(): Promise<void>;
  /** The model is complete from here on. */
  finish(): Promise<void>;
  deployIfAsked(): Promise<void>;
}

/**
 * Runs a recipe so that it always ends in a status: `complete`, `failed` with a reason, or
 * `stopped` when somebody cancelled it.
 */
export async function runPipeline(
  run: RunHandle,
  timeouts: TimeoutOptions,
  recipe: (pipeline: Pipeline) => Promise<void>,
): Promise<void> {
  const status: WorkflowStatus = { status: 'starting', stage: null, progress: null };
  setHandler(statusQuery, () => status);
  // A worker has begun: until then the training only waits for one.
  const begun = () => {
    if (status.status !== 'starting') return;
    status.status = 'in_progress';
    upsertSearchAttributes([{ key: trainStatus, value: 'in_progress' }]);
  };
  setHandler(progressSignal, (report) => {
    begun();
    status.progress = report.line;
    show(status);
  });

  // Heavy stages have no limit on attempts: the database counts attempts without a newer checkpoint.
  // One that waits, for a result that another training builds or for the end of an outage, fails and is
  // tried again, which leaves nothing in the history.
  let begunStages = 0;
  let onlyOfOwner = false;
  const nextStages = () =>
    proxyActivities<StageActivities>({
      taskQueue: 'cpu',
      // Later stages go first, so that what was begun is finished; among equals owners take turns. An
      // owner's only training does not wait for the later stages of what others have begun.
      priority: {
        priorityKey: onlyOfOwner ? HIGHEST_PRIORITY : laterFirst(begunStages++),
        fairnessKey: run.ownerId,
      },
      startToCloseTimeout: '7 days',
      heartbeatTimeout: timeouts.heartbeatMs,
      // `stopped` means that no process of the training is left.
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      retry: { initialInterval: '500ms', maximumInterval: '30s' },
    });
  const lifecycle = proxyLocalActivities<LifecycleActivities>({
    startToCloseTimeout: '5 minutes',
    retry: { initialInterval: '200ms', maximumInterval: '1 minute' },
    // Longer pauses are timers: a workflow task that is kept open grows the history every few seconds.
    localRetryThreshold: '10s',
  });

  const enter = (stage: WorkflowStatus['stage']) => {
    status.stage = stage;
    status.progress = null;
    show(status);
  };
  const settle = (settled: WorkflowStatus['status']) => {
    status.status = settled;
    status.stage = null;
    status.progress = null;
    show(status);
    upsertSearchAttributes([{ key: trainStatus, value: settled }]);
  };

  const pipeline: Pipeline = {
    async stage(name) {
      enter(name);
      await nextStages()[name](run);
      begun();
    },
    async shards(name) {
      enter(name);
      const count = await lifecycle.countShards(run);
      const stages = nextStages();
      let next = 0;
      const lane = async (): Promise<void> => {
        while (next < count) {
          const shard = next++;
          await stages[name](run, shard);
        }
      };
      // When one shard fails for good, the others need not go on.
      const scope = new CancellationScope();
      await scope
        .run(() => Promise.all(Array.from({ length: Math.min(count, SHARDS_AT_ONCE) }, lane)))
        .catch((error: unknown) => {
          scope.cancel();
          throw error;
        });
    },
    async report() {
      enter('report');
      const { score } = await lifecycle.report(run);
      if (score !== null) upsertSearchAttributes([{ key: bestScore, value: score }]);
    },
    async finish() {
      await lifecycle.finish(run);
      settle('complete');
    },
    async deployIfAsked() {
      // The model is complete: what goes wrong now is the deployment's, and stands in its status.
      await CancellationScope.nonCancellable(() => lifecycle.deploy(run));
    },
  };

  try {
    onlyOfOwner = (await lifecycle.begin(run))?.onlyOfOwner ?? false;
    await recipe(pipeline);
  } catch (error) {
    if (status.status === 'complete') {
      log.error('the model is complete; what came after it failed', {
        error: failureOf(error).message,
      });
      return;
    }
    await CancellationScope.nonCancellable(async () => {
      const failure = failureOf(error);
      if (isCancellation(error) || failure.kind === 'cancelled') {
        await lifecycle.stop(run);
        settle('stopped');
        return;
      }
      await lifecycle.fail(run, failure);
      settle('failed');
    });
    throw error;
  }
}

/** @param begun stages of the training that were handed out before */
function laterFirst(begun: number): number {
  return Math.max(HIGHEST_PRIORITY, LOWEST_PRIORITY - begun);
}

function show({ status, stage, progress }: WorkflowStatus): void {
  const lines = [`**${status}**`, stage && `stage: ${stage}`, progress];
  setCurrentDetails(lines.filter((line) => line !== null).join('\n\n'));
}

/** The kind and the short message that an activity's failure carries. */
function failureOf(error: unknown): { kind: string; message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    return { kind: cause.type ?? 'bug', message: cause.message };
  }
  return { kind: 'bug', message: cause instanceof Error ? cause.message : String(cause) };
}
