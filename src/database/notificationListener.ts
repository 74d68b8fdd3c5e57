import { Client } from 'pg';
import { connectTimeoutMs } from './database';

export interface ListenerOptions {
  databaseUrl: string;
  channel: string;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  onNotification: (payload: string) => void;
  /** Called when listening begins, also again, and when it ends: what was sent in between is lost. */
  onListening: (listening: boolean) => void;
}

/** While the database is away, time between attempts to listen again. */
const reconnectMs = 500;

/** PostgreSQL's LISTEN on a connection of its own, which is opened again whenever it breaks. */
export class NotificationListener {
  private client: Client | undefined;
  private reconnecting: NodeJS.Timeout | undefined;
  private stopped = false;
  private listening = false;

  constructor(private readonly options: ListenerOptions) {}

  /** False while notifications would be lost. */
  get isListening(): boolean {
    return this.listening;
  }

  /** @throws what the first attempt to listen fails with; further attempts follow until `stop` */
  async start(): Promise<void> {
    try {
      await this.listen();
    } catch (error) {
      this.giveUpClient();
      this.reconnect();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.reconnecting);
    await this.client?.end().catch(() => undefined);
  }

  private async listen(): Promise<void> {
    const client = new Client({
      connectionString: this.options.databaseUrl,
      application_name: this.options.applicationName,
      keepAlive: true,
      connectionTimeoutMillis: connectTimeoutMs,
    });
    client.on('notification', ({ payload }) => this.options.onNotification(payload ?? ''));
    client.on('error', () => undefined);
    client.on('end', () => {
      if (client !== this.client) return;
      this.listening = false;
      this.options.onListening(false);
      this.reconnect();
    });
    this.client = client;
    await client.connect();
    await client.query(`LISTEN ${this.options.channel}`);
    this.listening = true;
    this.options.onListening(true);
  }

  private reconnect(): void {
    if (this.stopped || this.reconnecting) return;
    this.reconnecting = setTimeout(() => {
      this.reconnecting = undefined;
      this.listen().catch(() => {
        this.giveUpClient();
        this.reconnect();
      });
    }, reconnectMs);
  }

  /** A client that never connected does not always say `end`. */
  private giveUpClient(): void {
    const failed = this.client;
    this.client = undefined;
    void failed?.end().catch(() => undefined);
  }
}
