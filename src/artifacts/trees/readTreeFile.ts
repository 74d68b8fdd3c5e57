import type { ReadableStore } from '../artifactStore';
import { digestOf, describeDigest, sameDigest } from '../digest';
import { artifactCorrupt } from '../failures';
import { objectRef, readManifest, type TreeRef } from './treeManifest';

/** One small file of a tree, in memory and verified; undefined when the tree has no such file. */
export async function readTreeFile(
  store: ReadableStore,
  ref: TreeRef,
  path: string,
): Promise<Buffer | undefined> {
  const manifest = await readManifest(store, ref);
  const file = manifest.files.find((candidate) => candidate.path === path);
  if (!file) return undefined;
  if (file.bytes === 0) return Buffer.alloc(0);
  const { key } = objectRef(ref, manifest.objects[file.object]!);
  const range = { start: file.offset, end: file.offset + file.bytes - 1 };
  const chunks: Buffer[] = [];
  for await (const chunk of await store.read(key, range)) chunks.push(chunk as Buffer);
  const content = Buffer.concat(chunks);
  const found = digestOf(content);
  if (!sameDigest(found, file)) {
    throw artifactCorrupt(key, describeDigest(found), describeDigest(file));
  }
  return content;
}
