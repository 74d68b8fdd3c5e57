import type { Readable } from 'node:stream';
import type { ArtifactRef, ArtifactStore, StoredObject } from '../artifactStore';
import { storageUnavailable } from '../failures';

type Call = Exclude<keyof ArtifactStore, 'list' | 'listDated' | 'close'>;

/** A real store that fails on command, before it does anything. */
export class FaultyStore implements ArtifactStore {
  /** Every call that reached the store, with its key or prefix. */
  readonly calls: string[] = [];
  /** The error of a call, if it is to fail. */
  fault: (call: Call, key: string) => Error | undefined = () => undefined;

  constructor(private readonly store: ArtifactStore) {}

  /** From now on nothing answers. */
  goAway(): void {
    this.fault = (call) => storageUnavailable(call, new Error('connect ECONNREFUSED'));
  }

  comeBack(): void {
    this.fault = () => undefined;
  }

  put(key: string, source: Readable | Buffer, mediaType: string): Promise<ArtifactRef> {
    return this.pass('put', key, () => this.store.put(key, source, mediaType));
  }
  putFile(key: string, path: string, mediaType: string): Promise<ArtifactRef> {
    return this.pass('putFile', key, () => this.store.putFile(key, path, mediaType));
  }
  read(key: string, range?: { start: number; end: number }): Promise<Readable> {
    return this.pass('read', key, () => this.store.read(key, range));
  }
  readBuffer(key: string): Promise<Buffer> {
    return this.pass('readBuffer', key, () => this.store.readBuffer(key));
  }
  fetchTo(ref: ArtifactRef, path: string): Promise<void> {
    return this.pass('fetchTo', ref.key, () => this.store.fetchTo(ref, path));
  }
  size(key: string): Promise<number | undefined> {
    return this.pass('size', key, () => this.store.size(key));
  }
  list(prefix: string): AsyncIterable<string> {
    return this.store.list(prefix);
  }
  listDated(prefix: string): AsyncIterable<StoredObject> {
    return this.store.listDated(prefix);
  }
  delete(key: string): Promise<void> {
    return this.pass('delete', key, () => this.store.delete(key));
  }
  deletePrefix(prefix: string): Promise<number> {
    return this.pass('deletePrefix', prefix, () => this.store.deletePrefix(prefix));
  }
  sweep(olderThanMs: number): Promise<number> {
    return this.pass('sweep', '', () => this.store.sweep(olderThanMs));
  }
  close(): void {
    this.store.close();
  }

  private async pass<T>(call: Call, key: string, work: () => Promise<T>): Promise<T> {
    const fault = this.fault(call, key);
    if (fault) throw fault;
    this.calls.push(`${call} ${key}`);
    return work();
  }
}
