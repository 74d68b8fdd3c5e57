import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadableStore } from '../artifacts/artifactStore';
import { artifactCorrupt, artifactMissing, hasCode } from '../artifacts/failures';
import { isAbandoned, temporaryName } from '../artifacts/disk/temporaryNames';
import { fetchTree } from '../artifacts/trees/tree';
import type { Queryable } from '../database/database';
import { encoderTree } from '../database/models/encoders';
import { TrainyardError } from '../errors';
import { makePrivateFolder } from '../support/privateFolder';
import { contentHash } from './contentHash';

export interface MaterializeOptions {
  database: Queryable;
  store: ReadableStore;
  /** `TRAINYARD_HOME` of the worker: contents are kept below its `encoders/`. */
  home: string;
}

/**
 * Lays an encoder's content out in a local folder that is kept for the next time, and verifies it by
 * its hash each time. Do not write to the folder: files may be hard links into the store.
 * @returns the folder
 * @throws TrainyardError `artifact_missing`, `artifact_corrupt`
 */
export async function materializeEncoder(
  { database, store, home }: MaterializeOptions,
  hash: string,
): Promise<string> {
  const folder = join(home, 'encoders', hash);
  if (await isSound(folder, hash)) return folder;
  const tree = await encoderTree(database, hash);
  if (!tree) throw artifactMissing(`encoder ${hash.slice(0, 12)}…`);
  const root = join(home, 'encoders');
  await sweep(root);
  const fresh = join(root, temporaryName());
  try {
    await fetchTree(store, tree, fresh);
    if (!(await isSound(fresh, hash))) {
      throw artifactCorrupt(tree.manifest.key, 'other files', `the encoder ${hash.slice(0, 12)}…`);
    }
    await replaceFolder(fresh, folder, hash);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return folder;
}

async function isSound(folder: string, hash: string): Promise<boolean> {
  if (!existsSync(folder)) return false;
  try {
    return (await contentHash(folder)).hash === hash;
  } catch (error) {
    if (error instanceof TrainyardError) return false;
    throw error;
  }
}

/** Removes what processes of this machine left behind that ended amid the work. */
async function sweep(root: string): Promise<void> {
  makePrivateFolder(root);
  for (const name of await readdir(root)) {
    if (isAbandoned(name)) await rm(join(root, name), { recursive: true, force: true });
  }
}

/** Moves a folder into its place; another process may have done the same meanwhile. */
async function replaceFolder(fresh: string, folder: string, hash: string): Promise<void> {
  try {
    await rename(fresh, folder);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM')) throw error;
    if (await isSound(folder, hash)) return;
    const damaged = `${fresh}.damaged`;
    await rename(folder, damaged);
    await rename(fresh, folder);
    await rm(damaged, { recursive: true, force: true });
  }
}
