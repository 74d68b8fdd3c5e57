import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainyardError } from '../errors';
import { checkTreePath } from './trees/treePaths';

export interface LocalFile {
  /** `/`-separated, relative to the folder. */
  path: string;
  bytes: number;
}

/** Every file of a folder and its folders, sorted by path (code units), so that order is content. */
export async function localFiles(folder: string): Promise<LocalFile[]> {
  const files: LocalFile[] = [];
  await collect(folder, '', files);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function collect(root: string, below: string, files: LocalFile[]): Promise<void> {
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      await collect(root, path, files);
    } else if (entry.isFile()) {
      checkTreePath(path);
      files.push({ path, bytes: (await lstat(join(root, path))).size });
    } else {
      throw new TrainyardError(
        'bug',
        'not_a_plain_file',
        `${JSON.stringify(path)} is neither a file nor a folder and cannot be published`,
        500,
      );
    }
  }
}
