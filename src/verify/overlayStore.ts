import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ArtifactRef, ReadableStore } from '../artifacts/artifactStore';
import { DiskStore } from '../artifacts/disk/diskStore';
import { publishTree, type TreeRef } from '../artifacts/trees/tree';

/** Nothing in a store of the platform begins so. */
const prefix = 'remade/';

/**
 * A store to read, with trees in it that are no longer there and were made again: those lie in a
 * folder, and the store itself is not written to.
 */
export class OverlayStore implements ReadableStore {
  private constructor(
    private readonly store: ReadableStore,
    private readonly remade: DiskStore,
  ) {}

  static async over(store: ReadableStore, folder: string): Promise<OverlayStore> {
    return new OverlayStore(store, await DiskStore.open(join(folder, 'remade')));
  }

  /** @param outputs not to be written to afterwards */
  add(name: string, outputs: string): Promise<TreeRef> {
    return publishTree(this.remade, `${prefix}${name}/`, outputs);
  }

  read(key: string, range?: { start: number; end: number }): Promise<Readable> {
    return this.holderOf(key).read(key, range);
  }

  readBuffer(key: string): Promise<Buffer> {
    return this.holderOf(key).readBuffer(key);
  }

  fetchTo(ref: ArtifactRef, path: string): Promise<void> {
    return this.holderOf(ref.key).fetchTo(ref, path);
  }

  size(key: string): Promise<number | undefined> {
    return this.holderOf(key).size(key);
  }

  private holderOf(key: string): ReadableStore {
    return key.startsWith(prefix) ? this.remade : this.store;
  }
}
