import { PassThrough } from 'node:stream';
import type { ArtifactStore } from '../../artifacts/artifactStore';
import type { TreeObject } from '../../artifacts/trees/tree';

const bufferedBytes = 1024 * 1024;

/** One object of an upload while it is written, piece by piece, into the store. */
export class ObjectSink {
  readonly stored: Promise<TreeObject>;
  /** Bytes written so far. */
  bytes = 0;
  private readonly stream = new PassThrough({ highWaterMark: bufferedBytes });

  /** @param index its place among the objects of the upload; part of its name */
  constructor(
    store: ArtifactStore,
    prefix: string,
    kind: string,
    readonly index: number,
  ) {
    const name = `${kind}-${String(index)}`;
    // A put that fails stops reading; its failure arrives through `stored`.
    this.stream.on('error', () => undefined);
    this.stored = store
      .put(prefix + name, this.stream, 'application/octet-stream')
      .then(({ sha256, bytes }) => ({ name, sha256, bytes }));
    this.stored.catch(() => undefined);
  }

  write(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.stream.write(chunk);
  }

  /** Resolves once more may be written without piling up; rejects when the store has failed. */
  async ready(): Promise<void> {
    if (this.stream.destroyed) await this.stored;
    if (!this.stream.writableNeedDrain) return;
    const drained = new Promise<void>((resolve) => this.stream.once('drain', resolve));
    await Promise.race([drained, this.stored]);
  }

  end(): void {
    this.stream.end();
  }

  /** Gives up: the store keeps nothing of it. Resolves when the store has let go. */
  async abort(reason: Error): Promise<void> {
    this.stream.destroy(reason);
    await this.stored.catch(() => undefined);
  }
}
