import { firstRow, rows, type Queryable } from '../database';
import type { User } from './users';

export interface ApiTokenRow {
  id: string;
  name: string;
  created_at: Date;
  expires_at: Date | null;
}

export async function insertApiToken(
  db: Queryable,
  token: Pick<ApiTokenRow, 'id' | 'name' | 'expires_at'> & { user_id: string; hash: string },
): Promise<void> {
  await db.query(
    'INSERT INTO api_token (id, user_id, name, hash, expires_at) VALUES ($1, $2, $3, $4, $5)',
    [token.id, token.user_id, token.name, token.hash, token.expires_at],
  );
}

/** Whose token has this hash, and whether its time is over. */
export async function userByApiToken(
  db: Queryable,
  hash: string,
): Promise<{ user: User; expires_at: Date | null; expired: boolean } | undefined> {
  const row = await firstRow<User & { expires_at: Date | null; expired: boolean }>(
    db,
    `SELECT u.id, u.username, u.email, u.is_admin, t.expires_at,
       coalesce(t.expires_at <= now(), false) AS expired
     FROM api_token t JOIN app_user u ON u.id = t.user_id WHERE t.hash = $1`,
    [hash],
  );
  if (!row) return undefined;
  const { expires_at, expired, ...user } = row;
  return { user, expires_at, expired };
}

/** A user's tokens, newest first. */
export async function apiTokensOf(db: Queryable, userId: string): Promise<ApiTokenRow[]> {
  return rows(
    db,
    `SELECT id, name, created_at, expires_at FROM api_token
     WHERE user_id = $1 ORDER BY created_at DESC, id`,
    [userId],
  );
}

/** Ends every API token of a user. */
export async function deleteApiTokensOf(db: Queryable, userId: string): Promise<void> {
  await db.query('DELETE FROM api_token WHERE user_id = $1', [userId]);
}

/** False when the user has no such token. */
export async function deleteApiToken(db: Queryable, userId: string, id: string): Promise<boolean> {
  const sql = 'DELETE FROM api_token WHERE user_id = $1 AND id = $2 RETURNING id';
  return (await rows(db, sql, [userId, id])).length > 0;
}
