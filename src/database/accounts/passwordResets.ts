import { firstRow, type Queryable } from '../database';
import type { User } from './users';

/** Keeps the one reset of a user; it replaces one from before. @param seconds how long it is good */
export async function putPasswordReset(
  db: Queryable,
  userId: string,
  tokenHash: string,
  seconds: number,
): Promise<Date> {
  const row = await firstRow<{ expires_at: Date }>(
    db,
    `INSERT INTO password_reset (user_id, token_hash, expires_at)
     VALUES ($1, $2, now() + make_interval(secs => $3))
     ON CONFLICT (user_id) DO UPDATE
       SET token_hash = excluded.token_hash, expires_at = excluded.expires_at
     RETURNING expires_at`,
    [userId, tokenHash, seconds],
  );
  return row!.expires_at;
}

/** Whose reset has this hash and is still good. */
export async function userOfPasswordReset(
  db: Queryable,
  tokenHash: string,
): Promise<User | undefined> {
  return firstRow(
    db,
    `SELECT u.id, u.username, u.email, u.is_admin
     FROM password_reset r JOIN app_user u ON u.id = r.user_id
     WHERE r.token_hash = $1 AND r.expires_at > now()`,
    [tokenHash],
  );
}

/** Uses a reset up: true for one of those that try, until it expires. */
export async function takePasswordReset(tx: Queryable, tokenHash: string): Promise<boolean> {
  const sql = `WITH taken AS (DELETE FROM password_reset WHERE token_hash = $1 RETURNING expires_at)
    SELECT 1 FROM taken WHERE expires_at > now()`;
  return (await firstRow(tx, sql, [tokenHash])) !== undefined;
}

/** Voids the reset of a user who has another password by now. */
export async function deletePasswordReset(db: Queryable, userId: string): Promise<void> {
  await db.query('DELETE FROM password_reset WHERE user_id = $1', [userId]);
}
