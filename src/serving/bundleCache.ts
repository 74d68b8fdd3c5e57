import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../artifacts/artifactStore';
import { fetchTree } from '../artifacts/tree';
import type { BundleRef } from '../database/deployments';

/** A bundle that lies on this machine. */
export interface LocalBundle {
  folder: string;
  bytes: number;
}

/** A draft older than this belongs to a process that is gone. */
const draftMs = 60 * 60_000;

/**
 * The bundles of deployed models as local folders, one for each model and content. A folder is whole
 * and verified once it has its name, so processes that share a home share it.
 */
export class BundleCache {
  constructor(
    private readonly store: ArtifactStore,
    private readonly root: string,
  ) {}

  /** The bundle's folder, fetched when it is not there yet. */
  async fetch(modelId: string, bundle: BundleRef): Promise<LocalBundle> {
    const folder = join(this.root, folderName(modelId, bundle));
    if (!(await isThere(folder))) await this.download(bundle, folder);
    const inside = join(folder, bundle.path);
    return { folder: inside, bytes: await sizeOf(inside) };
  }

  /** Forgets one bundle, so that the next `fetch` brings it anew. */
  async forget(modelId: string, bundle: BundleRef): Promise<void> {
    await rm(join(this.root, folderName(modelId, bundle)), { recursive: true, force: true });
  }

  /** Removes what is not among the given bundles, and what interrupted downloads left behind. */
  async sweep(wanted: Iterable<{ model_id: string; bundle: BundleRef }>): Promise<void> {
    const keep = new Set<string>();
    for (const { model_id, bundle } of wanted) keep.add(folderName(model_id, bundle));
    for (const name of await readdir(this.root).catch(() => [])) {
      const path = join(this.root, name);
      const stale = name.endsWith('.draft') ? await olderThan(path, draftMs) : !keep.has(name);
      if (stale) await rm(path, { recursive: true, force: true });
    }
  }

  private async download(bundle: BundleRef, folder: string): Promise<void> {
    await mkdir(this.root, { recursive: true });
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
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function olderThan(path: string, ms: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > ms;
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(folder, entry.name))).size;
  }
  return bytes;
}
