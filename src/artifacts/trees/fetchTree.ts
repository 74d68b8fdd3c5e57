import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArtifactRef, ReadableStore } from '../artifactStore';
import { mapConcurrently } from '../concurrency';
import { describeDigest, digestOf, sameDigest } from '../digest';
import { artifactCorrupt } from '../failures';
import { objectRef, readManifest, type TreeFile, type TreeRef } from './treeManifest';
import { checkTreePath } from './treePaths';

export interface FetchTreeOptions {
  /** Which files to lay out. @default all */
  only?: (path: string) => boolean;
}

const concurrentObjects = 4;

/**
 * Lays a published tree out in a folder, every file verified by size and sha256. Large files may be
 * hard links into the store: do not write to them.
 */
export async function fetchTree(
  store: ReadableStore,
  ref: TreeRef,
  folder: string,
  { only = () => true }: FetchTreeOptions = {},
): Promise<void> {
  const { objects, files } = await readManifest(store, ref);
  const wanted = files.filter(({ path }) => only(path));
  for (const { path } of wanted) checkTreePath(path);
  await makeFolders(folder, wanted);
  const byObject = new Map<number, TreeFile[]>();
  for (const file of wanted) {
    const others = byObject.get(file.object);
    if (others) others.push(file);
    else byObject.set(file.object, [file]);
  }
  await mapConcurrently([...byObject], concurrentObjects, async ([index, members]) => {
    const object = objectRef(ref, objects[index]!);
    const [first] = members;
    if (members.length === 1 && first!.sha256 === object.sha256) {
      await store.fetchTo(object, join(folder, first!.path));
    } else {
      await unpack(store, object, members, folder);
    }
  });
}

async function makeFolders(folder: string, files: TreeFile[]): Promise<void> {
  const folders = new Set(files.map(({ path }) => dirname(join(folder, path))));
  for (const f of folders.add(folder)) await mkdir(f, { recursive: true });
}

/** Reads the part of a pack that holds the wanted files, once, and writes them. */
async function unpack(
  store: ReadableStore,
  pack: ArtifactRef,
  files: TreeFile[],
  folder: string,
): Promise<void> {
  let [start, end] = [pack.bytes, 0];
  for (const { offset, bytes } of files) {
    start = Math.min(start, offset);
    end = Math.max(end, offset + bytes);
  }
  const content = end > start ? await readRange(store, pack.key, start, end - 1) : Buffer.alloc(0);
  await mapConcurrently(files, 8, async (file) => {
    const bytes = content.subarray(file.offset - start, file.offset - start + file.bytes);
    const found = digestOf(bytes);
    if (!sameDigest(found, file)) {
      throw artifactCorrupt(
        `${pack.key} (${file.path})`,
        describeDigest(found),
        describeDigest(file),
      );
    }
    await writeFile(join(folder, file.path), bytes);
  });
}

async function readRange(
  store: ReadableStore,
  key: string,
  start: number,
  end: number,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await store.read(key, { start, end })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
