import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder } from '../support/privateFolder';
import { isAlive, startTimeOf } from './processGroup';

/** Folders are named `<pid>-<start time>`: a number that was used again is not mistaken for its maker. */
export async function claimWorkFolder(root: string): Promise<string> {
  makePrivateFolder(root);
  const folder = join(root, `${process.pid}-${startTimeOf(process.pid)}`);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Removes the scratch folders of processes that are gone. */
export async function sweepWorkFolders(root: string): Promise<void> {
  makePrivateFolder(root);
  for (const name of await readdir(root)) {
    const [pid, startTime] = name.split('-').map(Number);
    if (pid !== undefined && isAlive(pid) && startTimeOf(pid) === startTime) continue;
    await rm(join(root, name), { recursive: true, force: true });
  }
}
