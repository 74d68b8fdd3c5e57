import type { Database } from '../database/database';
import { moveDeployment, type DeploymentRow } from '../database/models/deployments';
import { clearLoadFailure, recordLoadFailure } from '../database/models/servingHealth';
import type { Logger } from '../observability';
import { isOutage, loadFailureOf, mayPass } from './loadFailure';
import type { LoadedModels } from './loadedModels';

export interface ReconcilerOptions {
  database: Database;
  /** This serving process, among others on the same database. */
  processId: string;
  models: LoadedModels;
  logger: Logger;
  /** Whether a model is still to be served. */
  isWanted: (modelId: string) => boolean;
  /** Waits between attempts to load; the last is repeated. @default 1 s, 4 s, 15 s, 1 min, 5 min */
  retryMs?: readonly number[] | undefined;
}

const actor = 'serving';
/** Models loaded at once, so that a start with many deployments leaves room for requests. */
const concurrentLoads = 2;
/** What may pass is told to the others only when so many attempts failed. */
const attemptsBeforeFailing = 3;
const usualRetryMs = [1000, 4000, 15_000, 60_000, 300_000];

/** A deployment that is seen to. */
interface Task {
  row: DeploymentRow;
  failures: number;
  retry: NodeJS.Timeout | undefined;
}

/**
 * Makes true what the deployment table says: loads what is coming up and moves its status, brings
 * back what was up before a restart, and goes on trying what cannot be loaded. Every step may be done by
 * several processes at once or again after a crash: statuses move by compare-and-set, and loading is
 * repeatable. One process that cannot load a model writes that down for itself; the deployment fails
 * only when none of them can.
 */
export class Reconciler {
  private readonly tasks = new Map<string, Task>();
  private readonly queue: Task[] = [];
  private working = 0;
  private stopped = false;

  constructor(private readonly options: ReconcilerOptions) {}

  /** Looks at a new snapshot of the table. */
  reconcile(rows: readonly DeploymentRow[]): void {
    const present = new Set(rows.map((row) => row.model_id));
    for (const modelId of this.tasks.keys()) if (!present.has(modelId)) this.forget(modelId);
    // What is coming up goes first: somebody waits for it.
    for (const row of rows.toSorted((a, b) => urgency(a) - urgency(b))) {
      const task = this.tasks.get(row.model_id);
      if (task?.row.version === row.version && !(isComing(row) && !isComing(task.row))) {
        task.row = row;
        continue;
      }
      this.forget(row.model_id);
      const fresh = { row, failures: 0, retry: undefined };
      this.tasks.set(row.model_id, fresh);
      this.queue.push(fresh);
    }
    this.work();
  }

  stop(): void {
    this.stopped = true;
    for (const modelId of this.tasks.keys()) this.forget(modelId);
  }

  private forget(modelId: string): void {
    clearTimeout(this.tasks.get(modelId)?.retry);
    this.tasks.delete(modelId);
  }

  private isCurrent(task: Task): boolean {
    return this.tasks.get(task.row.model_id) === task;
  }

  private work(): void {
    while (this.working < concurrentLoads && this.queue.length > 0) {
      const task = this.queue.shift()!;
      if (!this.isCurrent(task)) continue;
      this.working++;
      void this.bringUp(task)
        .catch((error: unknown) => {
          // The database was away.
          this.options.logger.warn(
            { error, model_id: task.row.model_id },
            'a deployment could not be seen to; trying again',
          );
          this.retryLater(task);
        })
        .finally(() => {
          this.working--;
          this.work();
        });
    }
  }

  private async bringUp(task: Task): Promise<void> {
    const { models, isWanted, logger, database, processId } = this.options;
    const { model_id, name, bundle } = task.row;
    const log = { model_id, deployment_name: name ?? undefined };
    // A model that was up is loaded by its first request when memory is full.
    if (!isComing(task.row) && !models.hasRoomFor(bundle.tree.bytes)) return;
    if (task.row.deploy_status === 'starting') await this.move(task, 'in_progress');
    const started = performance.now();
    try {
      await models.load(task.row);
    } catch (error) {
      await this.failed(task, error);
      return;
    }
    const seconds = Math.round(performance.now() - started) / 1000;
    logger.info({ ...log, seconds }, 'model loaded');
    if (!isWanted(model_id)) {
      models.drop(model_id);
      return;
    }
    if (task.failures > 0) await clearLoadFailure(database.manager, model_id, processId);
    task.failures = 0;
    await this.move(task, 'complete', `loaded in ${seconds} s`);
  }

  private async failed(task: Task, error: unknown): Promise<void> {
    const { row } = task;
    task.failures++;
    this.options.logger.error(
      { error, model_id: row.model_id, failures: task.failures },
      'a model could not be loaded; trying again later',
    );
    const early = task.failures < attemptsBeforeFailing && mayPass(error) && !isOutage(error);
    if (!early && this.isCurrent(task)) {
      const failure = loadFailureOf(error);
      await this.options.database.transaction((tx) =>
        recordLoadFailure(tx, row, this.options.processId, failure),
      );
    }
    this.retryLater(task);
  }

  private retryLater(task: Task): void {
    if (this.stopped || !this.isCurrent(task)) return;
    const pauses = this.options.retryMs ?? usualRetryMs;
    const pause = pauses[Math.min(Math.max(task.failures, 1), pauses.length) - 1]!;
    task.retry = setTimeout(() => {
      this.queue.push(task);
      this.work();
    }, pause);
    task.retry.unref();
  }

  private async move(task: Task, to: 'in_progress' | 'complete', reason?: string): Promise<void> {
    if (task.row.deploy_status === 'complete') return;
    const moved = await this.options.database.transaction((tx) =>
      moveDeployment(tx, task.row, to, actor, reason),
    );
    // Requests see it at once, before the notification is back.
    if (moved) task.row.deploy_status = to;
  }
}

function isComing(row: DeploymentRow): boolean {
  return row.deploy_status === 'starting' || row.deploy_status === 'in_progress';
}

function urgency(row: DeploymentRow): number {
  if (isComing(row)) return 0;
  return row.deploy_status === 'complete' ? 1 : 2;
}
