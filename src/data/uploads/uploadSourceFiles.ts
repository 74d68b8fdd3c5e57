import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifactStore';
import { mapConcurrently } from '../../artifacts/concurrency';
import { objectRef, readManifest, type TreeFile } from '../../artifacts/tree';
import type { Upload } from '../../database/uploads';
import type { SourceFile } from '../../model-types/modelType';

const concurrentObjects = 4;

/** The files of an upload in the order of their names (code units), and where their bytes lie. */
export async function openUpload(store: ArtifactStore, upload: Upload): Promise<TreeFile[]> {
  return (await readManifest(store, upload.tree)).files;
}

/** Identifies what was uploaded, however it was packed: a hash over names and contents in order. */
export function uploadHash(files: readonly Pick<TreeFile, 'path' | 'sha256'>[]): string {
  const hash = createHash('sha256');
  for (const { path, sha256 } of files) hash.update(`${JSON.stringify(path)} ${sha256}\n`);
  return hash.digest('hex');
}

/**
 * Lays the packs of an upload in `<inputs>/<folder>/` (hard links on disk), verified, and says where
 * in them each file lies, in the order of their names.
 */
export async function uploadSourceFiles(
  store: ArtifactStore,
  upload: Upload,
  { inputs, folder, part }: { inputs: string; folder: string; part: SourceFile['part'] },
): Promise<SourceFile[]> {
  const { objects, files } = await readManifest(store, upload.tree);
  await mkdir(join(inputs, folder), { recursive: true });
  await mapConcurrently(objects, concurrentObjects, async (object) => {
    await store.fetchTo(objectRef(upload.tree, object), join(inputs, folder, object.name));
  });
  return files.map(({ path, object, offset, bytes, sha256 }) => ({
    name: path,
    part,
    sha256,
    path: `${folder}/${objects[object]!.name}`,
    offset,
    bytes,
  }));
}
