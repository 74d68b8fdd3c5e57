import type { ArtifactRef } from '../artifacts/artifactStore';
import type { TreeRef } from '../artifacts/tree';
import { firstRow, type Queryable } from './database';

/** Files that a user sent, and where they lie. */
export interface Upload {
  id: string;
  user_id: string;
  created_at: Date;
  /** Its files by their names, as a tree. */
  tree: TreeRef;
}

export async function insertUpload(
  db: Queryable,
  { id, user_id, tree }: Omit<Upload, 'created_at'>,
): Promise<void> {
  await db.query(
    'INSERT INTO upload (id, user_id, files, bytes, index) VALUES ($1, $2, $3, $4, $5)',
    [id, user_id, tree.files, tree.bytes, JSON.stringify(tree.manifest)],
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
