import { moveDeployment, type DeploymentRow } from '../database/deployments';
import type { Database } from '../database/database';
import { addMessage } from '../database/messages';
import { TrainyardError, messageOf } from '../errors';
import type { Logger } from '../observability';
import type { LoadedModels } from './loadedModels';

export interface ReconcilerOptions {
  database: Database;
  models: LoadedModels;
  logger: Logger;
  /** Whether a model is still to be served. */
  isWanted: (modelId: string) => boolean;
  /** Waits between attempts to load, while the reason may pass. @default 1 s, 4 s */
  retryMs?: readonly number[] | undefined;
}

const actor = 'serving';
/** Models loaded at once, so that a start with many deployments leaves room for requests. */
const concurrentLoads = 2;

/**
 * Makes true what the deployment table says: loads what is coming up and moves its status, brings
 * back what was up before a restart. Every step may be done by several processes at once or again
 * after a crash: statuses move by compare-and-set, and loading is repeatable.
 */
export class Reconciler {
  /** Deployments seen to, by model, with the version that was seen to. */
  private readonly seen = new Map<string, string>();
  private readonly queue: DeploymentRow[] = [];
  private working = 0;
  private stopped = false;

  constructor(private readonly options: ReconcilerOptions) {}

  /** Looks at a new snapshot of the table. */
  consider(rows: readonly DeploymentRow[]): void {
    const present = new Set(rows.map((row) => row.model_id));
    for (const modelId of this.seen.keys()) if (!present.has(modelId)) this.seen.delete(modelId);
    // What is coming up goes first: somebody waits for it.
    const ordered = [...rows].sort((a, b) => Number(isUp(a)) - Number(isUp(b)));
    for (const row of ordered) {
      if (row.deploy_status === 'failed') continue;
      const step = `${row.version} ${isUp(row) ? 'up' : 'coming'}`;
      const last = this.seen.get(row.model_id);
      if (last === step || (isUp(row) && last?.startsWith(`${row.version} `))) continue;
      this.seen.set(row.model_id, step);
      this.queue.push(row);
    }
    this.work();
  }

  stop(): void {
    this.stopped = true;
    this.queue.length = 0;
  }

  private work(): void {
    while (this.working < concurrentLoads && this.queue.length > 0 && !this.stopped) {
      const row = this.queue.shift()!;
      this.working++;
      void this.bringUp(row)
        .catch((error: unknown) => {
          // The database was away: the next snapshot shows the row again.
          this.seen.delete(row.model_id);
          this.options.logger.warn(
            { error, model_id: row.model_id },
            'a deployment could not be seen to; trying again',
          );
        })
        .finally(() => {
          this.working--;
          this.work();
        });
    }
  }

  private async bringUp(row: DeploymentRow): Promise<void> {
    const { models, isWanted, logger } = this.options;
    const log = { model_id: row.model_id, deployment_name: row.name ?? undefined };
    // A model that was up is loaded by its first request when memory is full.
    if (isUp(row) && !models.hasRoomFor(row.bundle.tree.bytes)) return;
    await this.move(row, 'in_progress');
    const started = performance.now();
    try {
      await this.load(row);
    } catch (error) {
      logger.error({ ...log, error }, 'a model could not be loaded');
      if (!isUp(row)) await this.fail(row, error);
      return;
    }
    const seconds = Math.round(performance.now() - started) / 1000;
    logger.info({ ...log, seconds }, 'model loaded');
    if (!isWanted(row.model_id)) models.drop(row.model_id);
    else await this.move(row, 'complete', `loaded in ${seconds} s`);
  }

  private async load(row: DeploymentRow): Promise<void> {
    for (const pause of [...(this.options.retryMs ?? [1000, 4000]), undefined]) {
      try {
        await this.options.models.load(row);
        return;
      } catch (error) {
        if (pause === undefined || !mayPass(error) || this.stopped) throw error;
        this.options.models.drop(row.model_id);
        await new Promise((resolve) => setTimeout(resolve, pause));
        if (!this.options.isWanted(row.model_id)) throw error;
      }
    }
  }

  private async move(row: DeploymentRow, to: 'in_progress' | 'complete', reason?: string) {
    if (isUp(row)) return;
    await this.options.database.transaction((tx) => moveDeployment(tx, row, to, actor, reason));
  }

  private async fail(row: DeploymentRow, error: unknown): Promise<void> {
    const reason = reasonOf(error);
    await this.options.database.transaction(async (tx) => {
      const failed = await moveDeployment(tx, row, 'failed', actor, reason);
      if (failed) await addMessage(tx, row.model_id, 'deploy', 'error', reason, actor);
    });
  }
}

function isUp(row: DeploymentRow): boolean {
  return row.deploy_status === 'complete';
}

function mayPass(error: unknown): boolean {
  return error instanceof TrainyardError && error.kind === 'infrastructure';
}

/** What a person reads in the deployment's status. Details of our own faults stay in the log. */
function reasonOf(error: unknown): string {
  if (!(error instanceof TrainyardError) || error.kind === 'bug') {
    return `the model could not be loaded because of an internal error (${messageOf(error).split('\n')[0]!.slice(0, 200)}): see the log of the serving process, then deploy it again [internal]`;
  }
  return `the model could not be loaded: ${error.text}; deploy it again, or train it again if this persists`;
}
