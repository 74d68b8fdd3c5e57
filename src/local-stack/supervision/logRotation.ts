import { copyFile, rm, stat, truncate } from 'node:fs/promises';
import { basename } from 'node:path';
import { messageOf } from '../../errors';
import type { Progress } from '../progress';

/** A log over this size starts anew; one older log is kept. */
export const maxLogBytes = 20 * 1024 * 1024;
const everyMs = 1000;

/**
 * Starts a log anew while its process goes on writing: the process holds the file open, for appending,
 * so what it has is copied and the file emptied. Lines written in between are lost, and where there is
 * no room for the copy, all of them are.
 */
export async function rotateLog(
  path: string,
  progress: Progress,
  maxBytes = maxLogBytes,
): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size <= maxBytes) return;
  const older = `${path}.1`;
  try {
    await rm(older, { force: true });
    await copyFile(path, older);
  } catch (error) {
    progress(`${basename(path)} was emptied without keeping it: ${messageOf(error)}`);
    await rm(older, { force: true }).catch(() => undefined);
  }
  await truncate(path);
}

/** Keeps the logs of processes bounded until it is stopped. */
export class LogRotation {
  private readonly paths = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  private running: Promise<void> | undefined;

  constructor(private readonly progress: Progress) {
    this.timer = setInterval(() => {
      this.running ??= this.rotate().finally(() => (this.running = undefined));
    }, everyMs);
    this.timer.unref();
  }

  add(path: string): void {
    this.paths.add(path);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async rotate(): Promise<void> {
    for (const path of this.paths) {
      await rotateLog(path, this.progress).catch((error: unknown) =>
        this.progress(`${basename(path)} could not be emptied: ${messageOf(error)}`),
      );
    }
  }
}
