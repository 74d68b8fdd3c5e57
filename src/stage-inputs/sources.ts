import { constants } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSource } from '../database/runs/runs';
import { uploadById } from '../database/uploads/uploads';
import type { FoundFile } from '../data/sources/foundFile';
import { listLocal } from '../data/sources/local';
import { s3RootsOf } from '../data/sources/s3Access';
import { fetchUpload, readUpload, sourceFiles } from '../data/uploads';
import { TrainyardError } from '../errors';
import type { SourceFile } from '../data/files/sourceFile';
import type { InputDependencies } from './inputFolder';
import { once } from './once';

/** Where the files of a source go: `<inputs>/<folder>/`. */
export interface SourceTarget {
  inputs: string;
  folder: string;
  /** Whose training it is: what they may read counts. */
  ownerId: string;
  signal: AbortSignal;
}

/** The files of one source: what they are, and their bytes. */
export interface OpenSource {
  /** Of an upload it is known without a byte of them; others have to be read to be known. */
  files(): Promise<SourceFile[]>;
  fetch(): Promise<void>;
}

/** What is not an upload is bounded like one. */
export function openSource(
  deps: InputDependencies,
  source: RunSource,
  target: SourceTarget,
): OpenSource {
  if (source.location === 'upload') return openUploadSource(deps, source, target);
  const files = once(() => fetchFound(deps, source, target));
  return { files, fetch: () => files().then(() => undefined) };
}

function openUploadSource(
  { database, store }: InputDependencies,
  { path: id, part }: RunSource,
  { inputs, folder }: SourceTarget,
): OpenSource {
  const upload = once(async () => {
    const found = await uploadById(database.manager, id);
    if (found) return readUpload(store, found);
    throw new TrainyardError(
      'data',
      'upload_gone',
      `upload ${id} was deleted: upload the files again`,
    );
  });
  return {
    files: async () => sourceFiles(await upload(), folder, part),
    fetch: async () => fetchUpload(store, await upload(), join(inputs, folder)),
  };
}

async function fetchFound(
  deps: InputDependencies,
  { location, path, part }: RunSource,
  target: SourceTarget,
): Promise<SourceFile[]> {
  const found =
    location === 's3' ? await fetchBucket(deps, path, target) : await copyLocal(deps, path, target);
  return found.map(({ name, bytes, sha256 }, index) => ({
    name,
    part,
    sha256,
    path: `${target.folder}/${index}`,
    offset: 0,
    bytes,
  }));
}

async function fetchBucket(
  { config, database }: InputDependencies,
  url: string,
  { inputs, folder, ownerId, signal }: SourceTarget,
): Promise<FoundFile[]> {
  // Loaded only where it is used: the SDK takes a noticeable part of a process start.
  const { createS3Client } = await import('../artifacts/s3/s3Client.js');
  const { fetchS3 } = await import('../data/sources/s3.js');
  const { roots, profile } = config.s3Sources;
  const allowed = await s3RootsOf(database.manager, roots, ownerId);
  const client = createS3Client(process.env['AWS_ENDPOINT_URL_S3'], profile);
  try {
    return await fetchS3(url, allowed, client, join(inputs, folder), config.uploads, signal);
  } finally {
    client.destroy();
  }
}

/** Copied, so that a file that changes while the run works changes nothing. */
async function copyLocal(
  { config }: InputDependencies,
  path: string,
  { inputs, folder, signal }: SourceTarget,
): Promise<FoundFile[]> {
  const found = await listLocal(path, config.localRoots, config.uploads, signal);
  await mkdir(join(inputs, folder));
  for (const [index, file] of found.entries()) {
    await copyFile(file.path, join(inputs, folder, String(index)), constants.COPYFILE_FICLONE);
  }
  return found;
}
