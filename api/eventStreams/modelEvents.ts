import type { Database } from '../../src/database/database';
import { eventChannel } from '../../src/database/models/events';
import { NotificationListener } from '../../src/database/notificationListener';
import type { Logger } from '../../src/observability';
import { FollowedModel } from './followedModel';
import { ConcurrencyLimit } from '../../src/support/concurrencyLimit';

export interface ModelEventsOptions {
  database: Database;
  databaseUrl: string;
  logger: Pick<Logger, 'warn'>;
  /** For events whose notification was lost. @default 10 s */
  pollMs?: number;
}

/** Of the connections of the pool, streams together read on so many: other requests find one free. */
const readsAtOnce = 2;

/**
 * Wakes the streams of a model when it has new events: one connection of the process listens for all of
 * them, from the first stream on. Whatever may have been missed is looked for when listening begins
 * again, and by a slow poll.
 */
export class ModelEvents {
  private readonly models = new Map<string, FollowedModel>();
  private readonly listener: NotificationListener;
  private readonly limit = new ConcurrencyLimit(readsAtOnce);
  private polling: NodeJS.Timeout | undefined;

  constructor(private readonly options: ModelEventsOptions) {
    this.listener = new NotificationListener({
      databaseUrl: options.databaseUrl,
      channel: eventChannel,
      applicationName: 'trainyard api (notifications)',
      onNotification: (modelId) => this.models.get(modelId)?.changed(),
      onListening: (listening) => {
        if (listening) this.allChanged();
        else options.logger.warn('new events are not heard of; the database is asked for them');
      },
    });
  }

  /** A model to read and to wait for; `leave` it once, at the stream's end. */
  follow(modelId: string): FollowedModel {
    this.start();
    const model = this.models.get(modelId) ?? this.add(modelId);
    model.followers++;
    return model;
  }

  leave(model: FollowedModel): void {
    if (--model.followers === 0) this.models.delete(model.id);
  }

  async stop(): Promise<void> {
    clearInterval(this.polling);
    await this.listener.stop();
  }

  private start(): void {
    if (this.polling) return;
    this.polling = setInterval(() => this.allChanged(), this.options.pollMs ?? 10_000);
    this.listener
      .start()
      .catch((error: unknown) =>
        this.options.logger.warn({ error }, 'new events are not heard of yet; trying again'),
      );
  }

  private add(modelId: string): FollowedModel {
    const model = new FollowedModel(modelId, this.options.database, this.limit);
    this.models.set(modelId, model);
    return model;
  }

  private allChanged(): void {
    for (const model of this.models.values()) model.changed();
  }
}
