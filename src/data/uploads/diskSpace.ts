import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TrainyardError } from '../../errors';
import { byteCount } from '../../support/words';

const gibibyte = 1024 ** 3;

export interface DiskSpaceOptions {
  /** Bytes that must stay free. @default a fifth of the disk, 20 GiB at most */
  leastFree?: number | undefined;
}

/**
 * Throws 507 `low_disk_space` when the disk that holds a path (or would hold it) is nearly full: a
 * training that is not begun fails kinder than one that fills the disk.
 */
export async function checkDiskSpace(path: string, options: DiskSpaceOptions = {}): Promise<void> {
  const { bavail, blocks, bsize } = await statExisting(path);
  const [free, total] = [bavail * bsize, blocks * bsize];
  const least = options.leastFree ?? Math.min(total / 5, 20 * gibibyte);
  if (free >= least) return;
  throw new TrainyardError(
    'limit',
    'low_disk_space',
    `${byteCount(free)} of ${byteCount(total)} are free where Trainyard keeps its data, and ${byteCount(least)} must stay free: delete models or uploads, or ask the operator for space`,
    507,
  );
}

/** A folder that is not there yet will be on the disk of its parent. */
async function statExisting(path: string): Promise<StatsFs> {
  try {
    return await statfs(path);
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    return statExisting(parent);
  }
}
