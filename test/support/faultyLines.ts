import { startS3Server, type S3Server } from '../../src/artifacts/testing/s3Server';
import { FaultyS3 } from './faultyS3';
import { Parts } from './parts';
import { sharedServers } from './shared';
import { TcpProxy } from './tcpProxy';

/** The lines to object store, database and Temporal of a platform; each breaks on command. */
export class FaultyLines {
  private database: TcpProxy | undefined;

  private constructor(
    private readonly s3: S3Server,
    readonly store: FaultyS3,
    readonly temporal: TcpProxy,
  ) {}

  /** Lines that pass everything. Call `close` in `afterAll`, after the parts have stopped. */
  static async open(): Promise<FaultyLines> {
    const [host, port] = sharedServers().temporalAddress.split(':');
    const s3 = await startS3Server();
    const store = await FaultyS3.before(s3.location.endpoint);
    const temporal = await TcpProxy.before({ host: host!, port: Number(port) });
    return new FaultyLines(s3, store, temporal);
  }

  /** There once a platform has been created. */
  get postgres(): TcpProxy {
    if (!this.database) throw new Error('no platform was created behind these lines');
    return this.database;
  }

  /** What leads a part through the lines to object store and Temporal. */
  get env(): Record<string, string> {
    return {
      ...this.s3.env,
      ARTIFACT_URL: `s3://${this.s3.location.bucket}/objects`,
      AWS_ENDPOINT_URL_S3: this.store.endpoint,
      TEMPORAL_ADDRESS: `127.0.0.1:${this.temporal.port}`,
    };
  }

  /** A platform behind the lines, none of whose parts runs yet. */
  async newPlatform(): Promise<Parts> {
    const parts = await Parts.start({ parts: [], env: this.env });
    const url = new URL(parts.env['DATABASE_URL']!);
    this.database = await TcpProxy.before({ host: url.hostname, port: Number(url.port) });
    url.port = String(this.database.port);
    parts.env['DATABASE_URL'] = url.href;
    return parts;
  }

  async close(): Promise<void> {
    await Promise.all([this.store.close(), this.database?.close(), this.temporal.close()]);
    await this.s3.stop();
  }
}
