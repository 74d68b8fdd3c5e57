import type { ArtifactStore } from '../../artifacts/artifactStore';
import { objectRef, readManifest } from '../../artifacts/trees/tree';
import type { Upload } from '../../database/uploads/uploads';
import type { ChunkSource } from '../files/fileRange';

/** The files of an upload, with their sizes, as bytes that stream from the store, in the order of their names. */
export async function uploadChunkSources(
  store: ArtifactStore,
  upload: Upload,
): Promise<(ChunkSource & { bytes: number })[]> {
  const { objects, files } = await readManifest(store, upload.tree);
  return files.map(({ path, object, offset, bytes }) => {
    const { key } = objectRef(upload.tree, objects[object]!);
    return { name: path, bytes, chunks: (signal) => chunks(store, key, offset, bytes, signal) };
  });
}

async function* chunks(
  store: ArtifactStore,
  key: string,
  offset: number,
  bytes: number,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  if (bytes === 0) return;
  const content = await store.read(key, { start: offset, end: offset + bytes - 1 });
  for await (const chunk of content) {
    signal?.throwIfAborted();
    yield chunk as Buffer;
  }
}
