import { deploymentChannel } from '../database/models/deployments';
import { NotificationListener } from '../database/notificationListener';
import type { Logger } from '../observability';

export interface FeedOptions {
  databaseUrl: string;
  /** Called soon after a change, and every `pollMs`; calls never overlap. */
  onChange: () => Promise<void>;
  /** Called at once when a change is heard of, and when listening ends or begins again. */
  onHeard: () => void;
  logger: Logger;
  /** For changes whose notification was lost. @default 5 s */
  pollMs?: number;
}

/** Hears about changed deployments: by PostgreSQL's NOTIFY, and a slow poll beside it. */
export class DeploymentFeed {
  private readonly listener: NotificationListener;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private again = false;
  private started = false;
  private stopped = false;

  constructor(private readonly options: FeedOptions) {
    this.listener = new NotificationListener({
      databaseUrl: options.databaseUrl,
      channel: deploymentChannel,
      applicationName: 'trainyard serving (notifications)',
      onNotification: () => {
        options.onHeard();
        this.changed();
      },
      onListening: (listening) => {
        options.onHeard();
        if (listening && this.started) this.changed();
      },
    });
  }

  /** False while changes would not be heard of. */
  get isListening(): boolean {
    return this.listener.isListening;
  }

  /** Listens, and resolves after the first `onChange`, which must succeed. */
  async start(): Promise<void> {
    await this.listener.start();
    this.started = true;
    await this.run();
    this.timer = setInterval(() => this.changed(), this.options.pollMs ?? 5000);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.listener.stop();
    await this.running;
  }

  /** Runs `onChange`, or once more when it runs already: what it read may be old. */
  private changed(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.run().catch((error: unknown) =>
      this.options.logger.warn({ error }, 'the deployments could not be read; trying again'),
    );
  }

  private run(): Promise<void> {
    const run = this.options.onChange();
    const ended = (): void => {
      this.running = undefined;
      if (!this.again) return;
      this.again = false;
      this.changed();
    };
    this.running = run.then(ended, ended);
    return run;
  }
}
