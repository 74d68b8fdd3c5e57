import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore, ReadableStore } from '../../artifacts/artifactStore';
import { mapConcurrently } from '../../artifacts/concurrency';
import {
  objectRef,
  readManifest,
  type TreeFile,
  type TreeManifest,
  type TreeRef,
} from '../../artifacts/trees/tree';
import type { Upload } from '../../database/uploads/uploads';
import type { SourceFile } from '../files/sourceFile';

const concurrentObjects = 4;

/** The files of an upload in the order of their names (code units), and where their bytes lie. */
export async function openUpload(store: ArtifactStore, upload: Upload): Promise<TreeFile[]> {
  return (await readManifest(store, upload.tree)).files;
}

/** An upload whose manifest has been read: what it holds is known, its bytes are still in the store. */
export interface OpenedUpload extends TreeManifest {
  tree: TreeRef;
}

export async function readUpload(store: ReadableStore, { tree }: Upload): Promise<OpenedUpload> {
  return { tree, ...(await readManifest(store, tree)) };
}

/** Where each file lies once the upload is fetched into `<inputs>/<folder>/`, in the order of their names. */
export function sourceFiles(
  { objects, files }: OpenedUpload,
  folder: string,
  part: SourceFile['part'],
): SourceFile[] {
  return files.map(({ path, object, offset, bytes, sha256 }) => ({
    name: path,
    part,
    sha256,
    path: `${folder}/${objects[object]!.name}`,
    offset,
    bytes,
  }));
}

/** Fetches the packs of an upload into a folder (hard links on disk), verified. */
export async function fetchUpload(
  store: ReadableStore,
  { tree, objects }: OpenedUpload,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await mapConcurrently(objects, concurrentObjects, async (object) => {
    await store.fetchTo(objectRef(tree, object), join(folder, object.name));
  });
}
