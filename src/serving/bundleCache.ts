import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../artifacts/artifactStore';
import { statIfThere } from '../artifacts/disk/durableFiles';
import { hasCode } from '../artifacts/failures';
import { fetchTree } from '../artifacts/trees/tree';
import type { BundleRef } from '../database/models/deployments';
import { TrainyardError } from '../errors';
import { makePrivateFolder } from '../support/privateFolder';

/** A bundle that lies on this machine. */
export interface LocalBundle {
  folder: string;
  bytes: number;
}

/** A draft older than this belongs to a process that is gone. */
const draftMs = 60 * 60_000;

/** Ends the name of a folder that is being deleted. */
const leaving = '.leaving';

/**
 * The bundles of deployed models as local folders, one for each model and content. A folder is whole
 * and verified while it has its name, so processes that share a home share it: it gets the name last,
 * and loses it before it is deleted.
 */
export class BundleCache {
  /** How many are reading each folder in this process. */
  private readonly readers = new Map<string, number>();

  constructor(
    private readonly store: ArtifactStore,
    private readonly root: string,
  ) {}

  /**
   * Reads a bundle's folder, which is fetched when it is not there yet; nothing sweeps it meanwhile.
   * @throws TrainyardError `disk_full`, `serving_folder_unusable`, and what the store throws
   */
  async read<T>(
    modelId: string,
    bundle: BundleRef,
    work: (local: LocalBundle) => Promise<T>,
  ): Promise<T> {
    const name = folderName(modelId, bundle);
    this.readers.set(name, (this.readers.get(name) ?? 0) + 1);
    try {
      const folder = join(this.root, name);
      return await work(await this.bring(bundle, folder));
    } finally {
      const left = this.readers.get(name)! - 1;
      if (left === 0) this.readers.delete(name);
      else this.readers.set(name, left);
    }
  }

  private async bring(bundle: BundleRef, folder: string): Promise<LocalBundle> {
    try {
      if (!(await isThere(folder))) await this.download(bundle, folder);
      const inside = join(folder, bundle.path);
      return { folder: inside, bytes: await sizeOf(inside) };
    } catch (error) {
      throw explainFolderFailure(error);
    }
  }

  /** Forgets one bundle, so that the next `read` brings it anew. */
  async forget(modelId: string, bundle: BundleRef): Promise<void> {
    await this.discard(folderName(modelId, bundle));
  }

  /** Removes what is not among the given bundles, and what interrupted downloads left behind. */
  async sweep(wanted: Iterable<{ model_id: string; bundle: BundleRef }>): Promise<void> {
    const keep = new Set<string>();
    for (const { model_id, bundle } of wanted) keep.add(folderName(model_id, bundle));
    for (const name of await this.names()) {
      if (name.endsWith('.draft')) {
        const path = join(this.root, name);
        if (await olderThan(path, draftMs)) await rm(path, { recursive: true, force: true });
      } else if (!keep.has(name) && !this.readers.has(name)) await this.discard(name);
    }
  }

  /** Nothing where nothing was ever brought; a folder that cannot be read is another matter. */
  private async names(): Promise<string[]> {
    try {
      return await readdir(this.root);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw explainFolderFailure(error);
    }
  }

  /** At once for whoever looks, however long deleting the files takes. */
  private async discard(name: string): Promise<void> {
    const gone = name.endsWith(leaving)
      ? name
      : `${name}.${randomBytes(4).toString('hex')}${leaving}`;
    const path = join(this.root, gone);
    // Somebody else may be deleting it too.
    if (gone !== name) await rename(join(this.root, name), path).catch(() => undefined);
    await rm(path, { recursive: true, force: true });
  }

  private async download(bundle: BundleRef, folder: string): Promise<void> {
    makePrivateFolder(this.root);
    const draft = `${folder}.${process.pid}-${randomBytes(4).toString('hex')}.draft`;
    try {
      const only = (path: string): boolean => path.startsWith(`${bundle.path}/`);
      await fetchTree(this.store, bundle.tree, draft, { only });
      await rename(draft, folder);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      // Another process was faster; its folder is as good.
      if (!(await isThere(folder))) throw error;
    }
  }
}

function folderName(modelId: string, { tree }: BundleRef): string {
  return `${modelId}-${tree.manifest.sha256.slice(0, 16)}`;
}

async function isThere(path: string): Promise<boolean> {
  return (await statIfThere(path)) !== undefined;
}

async function olderThan(path: string, ms: number): Promise<boolean> {
  const found = await statIfThere(path);
  return found !== undefined && Date.now() - found.mtimeMs > ms;
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(folder, entry.name))).size;
  }
  return bytes;
}

/** What a disk or folder does not let us do is the operator's to change, and says nothing about a bundle. */
function explainFolderFailure(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof TrainyardError || code === 'ENOENT' || !/^E[A-Z]+$/.test(code ?? '')) {
    return error;
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new TrainyardError(
      'infrastructure',
      'disk_full',
      'the disk of the serving process is full: free some space',
      507,
    );
  }
  return new TrainyardError(
    'infrastructure',
    'serving_folder_unusable',
    `the serving process cannot use its folder (${code}): give it read and write access, and room`,
    503,
  );
}
