import type { TreeRef } from '../../artifacts/trees/tree';
import { firstRow, rows, type Queryable } from '../database';
import { storableText } from '../storable';

/** What an encoder is, whatever its name: the same files have the same hash and are stored once. */
export interface EncoderContent {
  /** See `contentHash` in `src/encoders/contentHash.ts`. */
  hash: string;
  tree: TreeRef;
  family: string;
  /** Numbers in an embedding. */
  dims: number;
  /** The most tokens of a text that its authors recommend. */
  max_length: number;
  /** The most tokens of a text that it can take. */
  context_length: number;
  bytes: number;
}

/** An encoder under the name by which requests ask for it. */
export interface Encoder extends EncoderContent {
  id: string;
  name: string;
  /** `folder`, or id and commit at the hub. */
  source: string;
  licence: string | null;
  added_at: Date;
}

/** A name for a content. */
export type EncoderNaming = Pick<Encoder, 'id' | 'name' | 'hash' | 'source' | 'licence'>;

export const encoderNameUnique = 'encoder_name_unique';

const columns = `e.id, e.name, e.hash, e.source, e.licence, e.added_at,
  c.tree, c.family, c.dims, c.max_length, c.context_length, c.bytes::float8 AS bytes`;

/** All encoders, by name. */
export async function allEncoders(db: Queryable): Promise<Encoder[]> {
  return rows(
    db,
    `SELECT ${columns} FROM encoder e JOIN encoder_content c USING (hash) ORDER BY e.name`,
  );
}

export async function encoderByName(db: Queryable, name: string): Promise<Encoder | undefined> {
  return firstRow(
    db,
    `SELECT ${columns} FROM encoder e JOIN encoder_content c USING (hash) WHERE e.name = $1`,
    [name],
  );
}

/** Where the files of a content lie, also of one that has lost its name. */
export async function encoderTree(db: Queryable, hash: string): Promise<TreeRef | undefined> {
  const sql = 'SELECT tree FROM encoder_content WHERE hash = $1';
  return (await firstRow<{ tree: TreeRef }>(db, sql, [hash]))?.tree;
}

/** Adds a content unless it is there. @returns where its files lie */
export async function keepEncoderContent(tx: Queryable, content: EncoderContent): Promise<TreeRef> {
  await tx.query(
    `INSERT INTO encoder_content (hash, tree, family, dims, max_length, context_length, bytes)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (hash) DO NOTHING`,
    [
      content.hash,
      JSON.stringify(content.tree),
      content.family,
      content.dims,
      content.max_length,
      content.context_length,
      content.bytes,
    ],
  );
  return (await encoderTree(tx, content.hash))!;
}

/** Names a content. Breaks `encoder_name_unique` when the name is taken. */
export async function insertEncoder(
  tx: Queryable,
  { id, name, hash, source, licence }: EncoderNaming,
): Promise<void> {
  await tx.query(
    'INSERT INTO encoder (id, name, hash, source, licence) VALUES ($1, $2, $3, $4, $5)',
    [id, name, hash, storableText(source), licence === null ? null : storableText(licence)],
  );
}

/** Makes a run refer to an encoder's content, which then stays until the run is deleted. */
export async function pinEncoder(tx: Queryable, runId: string, hash: string): Promise<void> {
  await tx.query('UPDATE run SET encoder_hash = $2 WHERE id = $1', [runId, hash]);
}

/** Takes a name away. @returns the content's hash; undefined when nothing has that name */
export async function deleteEncoder(tx: Queryable, name: string): Promise<string | undefined> {
  const sql = 'DELETE FROM encoder WHERE name = $1 RETURNING hash';
  return (await firstRow<{ hash: string }>(tx, sql, [name]))?.hash;
}

/** How many runs refer to a content. */
export async function runsWithEncoder(db: Queryable, hash: string): Promise<number> {
  const sql = 'SELECT count(*)::int AS count FROM run WHERE encoder_hash = $1';
  return (await firstRow<{ count: number }>(db, sql, [hash]))?.count ?? 0;
}

/** Deletes the contents without a name to which no run refers. @returns where their files lie */
export async function deleteUnusedContents(db: Queryable): Promise<TreeRef[]> {
  const deleted = await rows<{ tree: TreeRef }>(
    db,
    `DELETE FROM encoder_content c
     WHERE NOT EXISTS (SELECT 1 FROM encoder WHERE encoder.hash = c.hash)
       AND NOT EXISTS (SELECT 1 FROM run WHERE run.encoder_hash = c.hash)
     RETURNING tree`,
  );
  return deleted.map(({ tree }) => tree);
}
