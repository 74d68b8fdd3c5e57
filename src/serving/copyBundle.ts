import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactStore } from '../artifacts/artifactStore';
import { fetchTree, publishTree } from '../artifacts/trees/tree';
import type { BundleRef } from '../database/models/deployments';

/** Copies a bundle, and nothing else of its tree, under a prefix of its own; verified on the way. */
export async function copyBundle(
  store: ArtifactStore,
  { tree, path }: BundleRef,
  prefix: string,
): Promise<BundleRef> {
  const folder = await mkdtemp(join(tmpdir(), 'trainyard-copy-'));
  try {
    await fetchTree(store, tree, folder, { only: (file) => file.startsWith(`${path}/`) });
    return { tree: await publishTree(store, prefix, folder), path };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
