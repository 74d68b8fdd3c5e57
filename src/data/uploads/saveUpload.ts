import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { ArtifactStore } from '../../artifacts/artifactStore';
import { publishManifest } from '../../artifacts/trees/tree';
import type { Database } from '../../database/database';
import { insertUpload, type ListedFile } from '../../database/uploads/uploads';
import { TrainyardError } from '../../errors';
import { PackWriter } from './packWriter';
import { receiveParts } from './receiveParts';
import { ReceivedNames } from './receivedNames';
import { StoredBytesQuota } from './storedBytesQuota';
import { UploadLimits } from './uploadLimits';
import { checkSubDir, uploadName } from './uploadNames';

export interface SaveUploadOptions {
  store: ArtifactStore;
  database: Database;
  /** Whose it will be. */
  userId: string;
  /** Folder for all files of this upload, `^\w+$`; empty or absent: none. */
  subDir?: string | undefined;
  /** Bytes of all files together. */
  maxBytes: number;
  maxFiles: number;
  /** Bytes of all uploads of this user. */
  maxStoredBytes: number;
  /** Aborts when the process is to stop: the upload is given up with 503. */
  signal?: AbortSignal;
}

export interface SavedUpload {
  uploadId: string;
  /** In the order of their names. */
  files: ListedFile[];
  bytes: number;
  /** What the sender may want to look at, a line each. */
  warnings: string[];
}

/** Files of an upload that its row names. */
const firstFiles = 20;

/**
 * Takes a multipart body into the store: packs and large files, then their index, then the row in
 * the database. Whatever interrupts it leaves nothing behind; the caller answers on the open stream.
 */
export async function saveUpload(
  body: Readable,
  headers: IncomingHttpHeaders,
  { store, database, userId, ...options }: SaveUploadOptions,
): Promise<SavedUpload> {
  const subDir = checkSubDir(options.subDir);
  const quota = await StoredBytesQuota.of(database, userId, options.maxStoredBytes);
  const limits = new UploadLimits(options.maxBytes, options.maxFiles);
  limits.checkLength(headers['content-length']);
  const names = new ReceivedNames();
  const uploadId = randomUUID();
  const prefix = `uploads/${uploadId}/`;
  const writer = new PackWriter(store, prefix);
  try {
    await receiveParts(body, headers, limits, {
      begin: (filename) => {
        limits.addFile();
        const name = uploadName(filename, subDir);
        names.add(name);
        const file = writer.begin(name);
        return {
          write: (chunk) => {
            limits.addBytes(chunk.length, name);
            quota.addBytes(chunk.length);
            file.write(chunk);
          },
          end: () => file.end(),
        };
      },
      ready: () => {
        if (options.signal?.aborted) throw stopping();
        return writer.ready();
      },
    });
    const written = await writer.finish();
    const tree = await publishManifest(store, prefix, written);
    const files = written.files
      .map(({ path, bytes }) => ({ name: path, bytes }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    await database.transaction(async (tx) => {
      await quota.claim(tx, tree.bytes);
      const first_files = files.slice(0, firstFiles);
      await insertUpload(tx, { id: uploadId, user_id: userId, tree, first_files });
    });
    return { uploadId, files, bytes: tree.bytes, warnings: names.warnings() };
  } catch (error) {
    await writer.abort(new Error('the upload was given up', { cause: error }));
    // When the store is what failed, its failure is already what the caller hears of.
    await store.deletePrefix(prefix).catch(() => undefined);
    throw error;
  }
}

function stopping(): TrainyardError {
  return new TrainyardError(
    'infrastructure',
    'stopping',
    'the server is being stopped: send the upload again in a moment',
    503,
  );
}
