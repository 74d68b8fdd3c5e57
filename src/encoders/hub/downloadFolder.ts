import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbandoned, temporaryName } from '../../artifacts/disk/temporaryNames';
import { makePrivateFolder } from '../../support/privateFolder';

/** A folder in which one process downloads one encoder. What it holds survives a failure. */
export interface DownloadFolder {
  path: string;
  /** Leaves it for whoever tries next. */
  leave: () => Promise<void>;
  remove: () => Promise<void>;
}

/** The name under which a download is found again. */
export function downloadKey(hub: string, id: string, commit: string): string {
  return createHash('sha256').update(`${hub}\n${id}\n${commit}`).digest('hex').slice(0, 32);
}

/**
 * Takes over what an earlier process left of a download, or begins anew. Two processes never share
 * a folder.
 */
export async function claimDownloadFolder(root: string, key: string): Promise<DownloadFolder> {
  makePrivateFolder(root);
  const path = join(root, `${key}.${temporaryName()}`);
  if (!(await takeOver(root, key, path))) await mkdir(path);
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true });
  return {
    path,
    remove,
    leave: () => rename(path, join(root, key)).catch(remove),
  };
}

async function takeOver(root: string, key: string, path: string): Promise<boolean> {
  for (const name of await readdir(root)) {
    const left = name === key || (name.startsWith(`${key}.`) && isAbandoned(name.slice(33)));
    if (!left) continue;
    const taken = await rename(join(root, name), path).then(
      () => true,
      () => false,
    );
    if (taken) return true;
  }
  return false;
}
