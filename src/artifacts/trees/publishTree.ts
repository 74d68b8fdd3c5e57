import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../artifactStore';
import { mapConcurrently } from '../concurrency';
import { digestOf } from '../digest';
import { checkPrefix } from '../keys';
import { localFiles, type LocalFile } from '../localFiles';
import {
  objectMediaType,
  publishManifest,
  type TreeFile,
  type TreeObject,
  type TreeRef,
} from './treeManifest';

/** Smaller files share pack objects. */
const smallFile = 64 * 1024;
/** A pack is held in memory while it is written and read. */
const largestPack = 16 * 1024 * 1024;
const concurrentObjects = 4;

/**
 * Stores every file of a folder under a prefix that ends in `/` and was made for it: objects first,
 * the manifest last, so a tree is there wholly or not at all. Files may be hard-linked into the
 * store: do not write to the folder afterwards. Empty folders are not kept.
 */
export async function publishTree(
  store: ArtifactStore,
  prefix: string,
  folder: string,
): Promise<TreeRef> {
  checkPrefix(prefix);
  const parts = divide(await localFiles(folder));
  const stored = await mapConcurrently(parts, concurrentObjects, (part, index) =>
    part.pack
      ? storePack(store, prefix, folder, part.files, index)
      : storeWhole(store, prefix, folder, part.files[0]!, index),
  );
  return publishManifest(store, prefix, {
    objects: stored.map((s) => s.object),
    files: stored.flatMap((s) => s.files),
  });
}

interface Part {
  pack: boolean;
  files: LocalFile[];
}

/** One part an object: small files together in order of their paths, each large one alone. */
function divide(files: LocalFile[]): Part[] {
  const parts: Part[] = [];
  let pack: Part | undefined;
  let room = 0;
  for (const file of files) {
    if (file.bytes >= smallFile) {
      parts.push({ pack: false, files: [file] });
      continue;
    }
    if (!pack || file.bytes > room) {
      pack = { pack: true, files: [] };
      parts.push(pack);
      room = largestPack;
    }
    pack.files.push(file);
    room -= file.bytes;
  }
  return parts;
}

interface Stored {
  object: TreeObject;
  files: TreeFile[];
}

async function storePack(
  store: ArtifactStore,
  prefix: string,
  folder: string,
  files: LocalFile[],
  index: number,
): Promise<Stored> {
  const contents = await mapConcurrently(files, 8, ({ path }) => readFile(join(folder, path)));
  const name = `pack-${String(index)}`;
  const { sha256, bytes } = await store.put(
    prefix + name,
    Buffer.concat(contents),
    objectMediaType,
  );
  let offset = 0;
  const entries = files.map(({ path }, i): TreeFile => {
    const digest = digestOf(contents[i]!);
    const entry = { path, object: index, offset, ...digest };
    offset += digest.bytes;
    return entry;
  });
  return { object: { name, sha256, bytes }, files: entries };
}

async function storeWhole(
  store: ArtifactStore,
  prefix: string,
  folder: string,
  file: LocalFile,
  index: number,
): Promise<Stored> {
  const name = `file-${String(index)}`;
  const local = join(folder, file.path);
  const { sha256, bytes } = await store.putFile(prefix + name, local, objectMediaType);
  const digest = { sha256, bytes };
  return {
    object: { name, ...digest },
    files: [{ path: file.path, object: index, offset: 0, ...digest }],
  };
}
