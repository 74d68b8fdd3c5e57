import { constants, type Stats } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { platform } from 'node:process';
import type { Readable } from 'node:stream';
import { Meter, type Digest } from '../digest';
import { hasCode } from '../failures';

/** Nothing writes to an object again: other folders may hold hard links to it. */
export const readOnly = 0o444;

/** Not there on Windows. */
const noFollow: number | undefined = constants.O_NOFOLLOW;

/** Creates a file that must not exist yet, writes, and returns once the bytes are on the disk. */
export async function writeDurably(path: string, source: Readable | Buffer): Promise<Digest> {
  const file = await open(path, 'wx', readOnly);
  try {
    const meter = new Meter();
    for await (const chunk of Buffer.isBuffer(source) ? [source] : source) {
      meter.update(chunk as Buffer);
      await writeAll(file, chunk as Buffer);
    }
    await file.sync();
    return meter.digest();
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, chunk: Buffer): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    done += (await file.write(chunk, done)).bytesWritten;
  }
}

/** Brings a file that others wrote to the disk. */
export async function syncFile(file: FileHandle): Promise<void> {
  // Windows syncs only through handles that may write.
  if (platform !== 'win32') await file.sync();
}

/** Opens a plain file for reading; a symbolic link is as good as absent. */
export async function openPlain(path: string): Promise<FileHandle | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | (noFollow ?? 0));
    if ((await file.stat()).isFile()) return file;
    await file.close();
    return undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'EISDIR')) return undefined;
    throw error;
  }
}

/** What lies at a path, not following a link; undefined when nothing does. */
export async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/**
 * Makes names in folders durable. Many writers into one folder share a sync: whoever asks while one
 * runs waits for the next, which covers all that asked by then.
 */
export class FolderSync {
  private readonly running = new Map<string, Promise<void>>();
  private readonly waiting = new Map<string, Promise<void>>();

  sync(folder: string): Promise<void> {
    const current = this.running.get(folder);
    if (!current) return this.start(folder);
    let next = this.waiting.get(folder);
    if (!next) {
      next = current.then(
        () => this.startWaiting(folder),
        () => this.startWaiting(folder),
      );
      this.waiting.set(folder, next);
    }
    return next;
  }

  private startWaiting(folder: string): Promise<void> {
    this.waiting.delete(folder);
    return this.start(folder);
  }

  private start(folder: string): Promise<void> {
    const done = syncFolder(folder).finally(() => {
      if (this.running.get(folder) === done) this.running.delete(folder);
    });
    this.running.set(folder, done);
    return done;
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders, and keeps names durable without being asked.
  if (platform === 'win32') return;
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Its owner deleted the folder meanwhile: there is nothing left to keep.
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}
