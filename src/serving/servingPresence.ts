import { randomUUID } from 'node:crypto';
import type { Database } from '../database/database';
import {
  markServingProcess,
  removeServingProcess,
  servingProcessAliveMs,
} from '../database/models/servingHealth';
import type { Logger } from '../observability';

const beatMs = servingProcessAliveMs / 5;

/** Lets the other serving processes know that this one lives: what it can load counts. */
export class ServingPresence {
  readonly id = randomUUID();
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    await markServingProcess(this.database.manager, this.id);
    this.timer = setInterval(() => this.beat(), beatMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
    if (!this.timer) return;
    await removeServingProcess(this.database.manager, this.id).catch((error: unknown) =>
      this.logger.debug({ error }, 'the others notice in a while that this process is gone'),
    );
  }

  private beat(): void {
    this.beating ??= markServingProcess(this.database.manager, this.id)
      .catch((error: unknown) =>
        this.logger.warn({ error }, 'the database does not hear that this process lives'),
      )
      .finally(() => (this.beating = undefined));
  }
}
