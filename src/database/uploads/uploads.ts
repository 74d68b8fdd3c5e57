import type { ArtifactRef } from '../../artifacts/artifactStore';
import type { TreeRef } from '../../artifacts/trees/tree';
import { firstRow, rows, type Queryable } from '../database';

/** Files that a user sent, and where they lie. */
export interface Upload {
  id: string;
  user_id: string;
  created_at: Date;
  /** Its files by their names, as a tree. */
  tree: TreeRef;
}

/** A file of an upload as lists show it. */
export interface ListedFile {
  name: string;
  bytes: number;
}

export async function insertUpload(
  db: Queryable,
  {
    id,
    user_id,
    tree,
    first_files = [],
  }: Omit<Upload, 'created_at'> & { first_files?: readonly ListedFile[] },
): Promise<void> {
  await db.query(
    `INSERT INTO upload (id, user_id, files, bytes, index, first_files)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      id,
      user_id,
      tree.files,
      tree.bytes,
      JSON.stringify(tree.manifest),
      JSON.stringify(first_files),
    ],
  );
}

export async function uploadById(db: Queryable, id: string): Promise<Upload | undefined> {
  const row = await firstRow<{
    user_id: string;
    created_at: Date;
    files: number;
    /** The driver gives 64-bit numbers as text. */
    bytes: string;
    index: ArtifactRef;
  }>(db, 'SELECT user_id, created_at, files, bytes, index FROM upload WHERE id = $1', [id]);
  if (!row) return undefined;
  const { user_id, created_at, files, bytes, index } = row;
  return { id, user_id, created_at, tree: { manifest: index, files, bytes: Number(bytes) } };
}

/** Whose some uploads are, by their ids in lower case; those that are not there are left out. */
export async function ownersOfUploads(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const found = await rows<{ id: string; user_id: string }>(
    db,
    'SELECT id, user_id FROM upload WHERE id = ANY($1::uuid[])',
    [ids],
  );
  return new Map(found.map(({ id, user_id }) => [id, user_id]));
}

/** Bytes of all uploads of a user. */
export async function storedBytesOf(db: Queryable, userId: string): Promise<number> {
  const row = await firstRow<{ bytes: string }>(
    db,
    'SELECT coalesce(sum(bytes), 0) AS bytes FROM upload WHERE user_id = $1',
    [userId],
  );
  return Number(row!.bytes);
}

/**
 * Notes that a run reads some uploads: from here on none of them is deleted before the run has ended.
 * Breaks `run_upload_upload_id_fkey` when one was deleted a moment ago.
 */
export async function referToUploads(
  tx: Queryable,
  runId: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    `INSERT INTO run_upload (run_id, upload_id) SELECT DISTINCT $1::uuid, unnest($2::uuid[])`,
    [runId, ids],
  );
}
