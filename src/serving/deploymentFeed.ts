import { Client } from 'pg';
import { connectTimeoutMs } from '../database/database';
import { deploymentChannel } from '../database/deployments';
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

/** While the database is away, time between attempts to listen again. */
const reconnectMs = 500;

/**
 * Hears about changed deployments: PostgreSQL's NOTIFY on a connection of its own, and a slow poll
 * beside it. A connection that breaks is made again.
 */
export class DeploymentFeed {
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private listening = false;

  constructor(private readonly options: FeedOptions) {}

  /** False while changes would not be heard of. */
  get isListening(): boolean {
    return this.listening;
  }

  /** Listens, and resolves after the first `onChange`, which must succeed. */
  async start(): Promise<void> {
    await this.listen();
    await this.run();
    this.timer = setInterval(() => this.changed(), this.options.pollMs ?? 5000);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.client?.end().catch(() => undefined);
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

  private async listen(): Promise<void> {
    const client = new Client({
      connectionString: this.options.databaseUrl,
      application_name: 'trainyard serving (notifications)',
      keepAlive: true,
      connectionTimeoutMillis: connectTimeoutMs,
    });
    client.on('notification', () => {
      this.options.onHeard();
      this.changed();
    });
    client.on('error', () => undefined);
    client.on('end', () => {
      this.listening = false;
      this.options.onHeard();
      this.reconnect();
    });
    this.client = client;
    await client.connect();
    await client.query(`LISTEN ${deploymentChannel}`);
    this.listening = true;
    this.options.onHeard();
  }

  private reconnect(): void {
    if (this.stopped) return;
    setTimeout(() => {
      if (this.stopped) return;
      this.listen().then(
        () => this.changed(),
        // A client that never connected does not always say `end`.
        (): void => {
          const failed = this.client;
          failed?.removeAllListeners('end');
          void failed?.end().catch(() => undefined);
          this.reconnect();
        },
      );
    }, reconnectMs);
  }
}
