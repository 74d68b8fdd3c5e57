import type { Dirent } from 'node:fs';
import { link, mkdir, readdir, realpath, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { TrainyardError } from '../../errors';
import type { ArtifactRef, ArtifactStore, StoredObject } from '../artifactStore';
import { digestOfStream, type Digest } from '../digest';
import { explainDiskFailure } from './diskFailures';
import { placeVerified, saveStream } from '../download';
import {
  FolderSync,
  openPlain,
  readOnly,
  statIfThere,
  syncFile,
  writeDurably,
} from './durableFiles';
import { artifactMissing, hasCode, storageUnavailable } from '../failures';
import { checkKey, checkPrefix } from '../keys';
import { isAbandoned, temporaryName } from './temporaryNames';

/** A folder can be deleted under a writer, by whoever owns the prefix; it is made again this often. */
const publishAttempts = 5;

/**
 * Objects as files below `objects/` of one folder. A file is written in `tmp/` beside it, synced,
 * and renamed to its key, so that a crash at any moment leaves whole objects and, at worst, a
 * temporary file for `sweep`.
 */
export class DiskStore implements ArtifactStore {
  private readonly folders = new FolderSync();

  private constructor(
    private readonly objects: string,
    private readonly temporary: string,
  ) {}

  /** Opens a store in a folder, which is made when it is not there. */
  static async open(folder: string): Promise<DiskStore> {
    for (const part of ['objects', 'tmp']) {
      await mkdir(join(folder, part), { recursive: true, mode: 0o700 });
    }
    const root = await realpath(folder);
    return new DiskStore(join(root, 'objects'), join(root, 'tmp'));
  }

  async put(key: string, source: Readable | Buffer, mediaType: string): Promise<ArtifactRef> {
    checkKey(key);
    return this.publish(key, mediaType, (temporary) => writeDurably(temporary, source));
  }

  async putFile(key: string, path: string, mediaType: string): Promise<ArtifactRef> {
    checkKey(key);
    return this.publish(key, mediaType, async (temporary) => {
      const linked = await linkIfPossible(path, temporary);
      const file = await openPlain(linked ? temporary : path);
      if (!file) {
        throw new TrainyardError('bug', 'not_a_plain_file', 'only plain files can be stored', 500);
      }
      try {
        const content = file.createReadStream({ autoClose: false });
        if (!linked) return await writeDurably(temporary, content);
        const digest = await digestOfStream(content);
        await syncFile(file);
        await file.chmod(readOnly);
        return digest;
      } finally {
        await file.close();
      }
    });
  }

  async read(key: string, range?: { start: number; end: number }): Promise<Readable> {
    return this.attempt(async () => (await this.openObject(key)).createReadStream(range));
  }

  async readBuffer(key: string): Promise<Buffer> {
    return this.attempt(async () => {
      const file = await this.openObject(key);
      try {
        return await file.readFile();
      } finally {
        await file.close();
      }
    });
  }

  async fetchTo(ref: ArtifactRef, path: string): Promise<void> {
    await this.attempt(async () => {
      const object = await this.locate(ref.key);
      if (!(await statIfThere(object))) throw await this.missing(ref.key);
      await placeVerified(ref, path, async (temporary) => {
        const linked = await linkIfPossible(object, temporary);
        const file = await openPlain(linked ? temporary : object);
        if (!file) throw await this.missing(ref.key);
        const content = file.createReadStream();
        return linked ? digestOfStream(content) : saveStream(content, temporary);
      });
    });
  }

  async size(key: string): Promise<number | undefined> {
    return this.attempt(async () => {
      const stats = await statIfThere(await this.locate(key));
      if (!stats) await this.requireRoot();
      return stats?.isFile() ? stats.size : undefined;
    });
  }

  async *list(prefix: string): AsyncIterable<string> {
    for await (const { key } of this.listDated(prefix)) yield key;
  }

  async *listDated(prefix: string): AsyncIterable<StoredObject> {
    checkPrefix(prefix);
    const folder = prefix.slice(0, -1);
    if (await this.leadsThroughLink(join(this.objects, folder))) return;
    yield* this.walk(folder);
  }

  async delete(key: string): Promise<void> {
    const path = await this.locate(key).catch((error: unknown) => {
      if (error instanceof TrainyardError && error.code === 'artifact_missing') return undefined;
      throw error;
    });
    if (path === undefined) return;
    await rm(path, { force: true });
    await this.folders.sync(dirname(path)).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
  }

  async deletePrefix(prefix: string): Promise<number> {
    checkPrefix(prefix);
    return this.attempt(() => this.deleteFolder(join(this.objects, prefix.slice(0, -1))));
  }

  async sweep(olderThanMs: number): Promise<number> {
    const limit = Date.now() - olderThanMs;
    let swept = 0;
    for (const name of await this.attempt(() => readdir(this.temporary))) {
      const path = join(this.temporary, name);
      // Not the modification time: a hard link to an old file is young.
      const stats = await statIfThere(path);
      if (!stats || (stats.ctimeMs > limit && !isAbandoned(name))) continue;
      await rm(path, { recursive: true, force: true });
      swept++;
    }
    return swept;
  }

  close(): void {
    // Nothing stays open between calls.
  }

  private async deleteFolder(folder: string): Promise<number> {
    if ((await this.leadsThroughLink(folder)) || !(await statIfThere(folder))?.isDirectory())
      return 0;
    // Moved away first: readers see all of it or nothing, and a writer makes itself a new folder.
    const away = join(this.temporary, temporaryName());
    try {
      await rename(folder, away);
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return 0;
      throw error;
    }
    await this.folders.sync(dirname(folder));
    const count = await countFiles(away);
    await rm(away, { recursive: true, force: true });
    return count;
  }

  private async publish(
    key: string,
    mediaType: string,
    fill: (temporary: string) => Promise<Digest>,
  ): Promise<ArtifactRef> {
    const temporary = join(this.temporary, temporaryName());
    try {
      return await this.attempt(async () => {
        const { sha256, bytes } = await fill(temporary);
        await this.moveTo(temporary, join(this.objects, key));
        return { key, sha256, bytes, mediaType };
      });
    } finally {
      // After a failure, and because renaming a hard link over its own file leaves both names.
      await rm(temporary, { force: true });
    }
  }

  private async moveTo(temporary: string, target: string): Promise<void> {
    const folder = dirname(target);
    for (let attempt = 1; ; attempt++) {
      try {
        const changed = [folder, ...(await this.makeFolder(folder))];
        await rename(temporary, target);
        await Promise.all(changed.map((f) => this.folders.sync(f)));
        return;
      } catch (error) {
        if (attempt === publishAttempts || !hasCode(error, 'ENOENT')) throw error;
      }
    }
  }

  /** Makes a folder below the root, level by level; returns the folders that got a new entry. */
  private async makeFolder(folder: string): Promise<string[]> {
    if (await this.leadsThroughLink(folder)) {
      throw new TrainyardError(
        'config',
        'artifact_folder_linked',
        'a folder inside the artifact store is a symbolic link: put a plain folder in its place',
        500,
      );
    }
    if (await statIfThere(folder)) return [];
    const parent = dirname(folder);
    const changed = folder === this.objects ? [] : await this.makeFolder(parent);
    await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
    return [...changed, parent];
  }

  private async openObject(key: string): Promise<FileHandle> {
    const file = await openPlain(await this.locate(key));
    if (!file) throw await this.missing(key);
    return file;
  }

  /** An object is only missing from a store that is there: its disk may be unmounted. */
  private async missing(key: string): Promise<Error> {
    await this.requireRoot();
    return artifactMissing(key);
  }

  private async requireRoot(): Promise<void> {
    if (await statIfThere(this.objects)) return;
    throw storageUnavailable(
      'the folder of the artifact store is not there: is its disk mounted?',
      undefined,
    );
  }

  /** Tells a disk that is full, away or forbidden from errors of the work itself. */
  private async attempt<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (hasCode(error, 'ENOENT')) await this.requireRoot();
      throw explainDiskFailure(error);
    }
  }

  /** The file of a key, inside the root and reached through no link. */
  private async locate(key: string): Promise<string> {
    checkKey(key);
    const path = join(this.objects, key);
    if (await this.leadsThroughLink(dirname(path))) throw artifactMissing(key);
    return path;
  }

  private async leadsThroughLink(folder: string): Promise<boolean> {
    try {
      return (await realpath(folder)) !== folder;
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
      throw error;
    }
  }

  private async *walk(folder: string): AsyncIterable<StoredObject> {
    for (const entry of await entriesOf(join(this.objects, folder))) {
      const key = `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* this.walk(key);
      else if (entry.isFile()) {
        const stats = await statIfThere(join(this.objects, key));
        // Not the time of the bytes: a file that was stored by a hard link may be old.
        if (stats) yield { key, modifiedAt: stats.ctime };
      }
    }
  }
}

/** False where the file system or its rules do not allow a hard link: then the bytes are copied. */
async function linkIfPossible(existing: string, path: string): Promise<boolean> {
  try {
    await link(existing, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EXDEV', 'EPERM', 'EACCES', 'EMLINK', 'ENOTSUP', 'ENOENT')) return false;
    throw error;
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

async function countFiles(folder: string): Promise<number> {
  let count = 0;
  for (const entry of await entriesOf(folder)) {
    count += entry.isDirectory()
      ? await countFiles(join(folder, entry.name))
      : Number(entry.isFile());
  }
  return count;
}
