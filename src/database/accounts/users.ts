import { nameKeys } from '../../identity/displayName';
import { emailKey } from '../../identity/emailAddress';
import { firstRow, rows, type Queryable } from '../database';

/** A user as requests know one; the password hash stays in this file's login query. */
export interface User {
  id: string;
  username: string;
  email: string;
  is_admin: boolean;
}

/** A user, and how often they have changed their password: tokens given before it end with it. */
export interface SignedInUser extends User {
  password_version: number;
}

/** A user with the teams that they are in. */
export interface UserWithTeams extends User {
  teams: { team_id: string; team_name: string; team_admin: boolean }[];
}

const columns = 'id, username, email, is_admin';

/**
 * Breaks `app_user_username_unique`, `app_user_username_folded_unique` or `app_user_username_look_unique`
 * when another user has the name or one like it, and `app_user_email_key_unique` for the address.
 */
export async function insertUser(
  db: Queryable,
  user: User & { password_hash: string },
): Promise<void> {
  const { id, username, email, password_hash, is_admin } = user;
  const { folded, look } = nameKeys(username);
  await db.query(
    `INSERT INTO app_user
       (id, username, email, password_hash, is_admin, username_folded, username_look, email_key)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, username, email, password_hash, is_admin, folded, look, emailKey(email)],
  );
}

export async function userById(db: Queryable, id: string): Promise<User | undefined> {
  return firstRow<User>(db, `SELECT ${columns} FROM app_user WHERE id = $1`, [id]);
}

/** The user whom a token names. */
export async function userForToken(db: Queryable, id: string): Promise<SignedInUser | undefined> {
  return firstRow(db, `SELECT ${columns}, password_version FROM app_user WHERE id = $1`, [id]);
}

/** The user with this address, however its letters are written. */
export async function userForLogin(
  db: Queryable,
  email: string,
): Promise<(SignedInUser & { password_hash: string }) | undefined> {
  const sql = `SELECT ${columns}, password_version, password_hash FROM app_user WHERE email_key = $1`;
  return firstRow(db, sql, [emailKey(email)]);
}

/**
 * Gives a user a new password, which ends the access tokens given for the one before.
 * @returns how often it was changed by now; undefined when there is no such user
 */
export async function updatePassword(
  tx: Queryable,
  userId: string,
  passwordHash: string,
): Promise<number | undefined> {
  const row = (
    await rows<{ password_version: number }>(
      tx,
      `UPDATE app_user SET password_hash = $2, password_version = password_version + 1
       WHERE id = $1 RETURNING password_version`,
      [userId, passwordHash],
    )
  )[0];
  return row?.password_version;
}

const withTeams = `
  SELECT u.id, u.username, u.email, u.is_admin, coalesce(
    (SELECT json_agg(json_build_object(
        'team_id', t.id, 'team_name', t.name, 'team_admin', m.is_team_admin) ORDER BY t.name)
     FROM team_member m JOIN team t ON t.id = m.team_id WHERE m.user_id = u.id), '[]') AS teams
  FROM app_user u`;

export async function userWithTeams(db: Queryable, id: string): Promise<UserWithTeams | undefined> {
  return firstRow<UserWithTeams>(db, `${withTeams} WHERE u.id = $1`, [id]);
}

/** Administrators see everyone, others themselves and the members of their teams. */
export async function usersVisibleTo(db: Queryable, user: User): Promise<UserWithTeams[]> {
  if (user.is_admin) return rows(db, `${withTeams} ORDER BY u.username`);
  return rows(
    db,
    `${withTeams}
     WHERE u.id = $1 OR u.id IN (
       SELECT other.user_id FROM team_member mine
       JOIN team_member other ON other.team_id = mine.team_id WHERE mine.user_id = $1)
     ORDER BY u.username`,
    [user.id],
  );
}

/** Locks the administrators, so that two demotions at once cannot remove the last two. */
export async function lockAdministrators(tx: Queryable): Promise<User[]> {
  return rows<User>(
    tx,
    `SELECT ${columns} FROM app_user WHERE is_admin ORDER BY created_at, id FOR UPDATE`,
  );
}

export async function anyAdministrator(db: Queryable): Promise<boolean> {
  return (await firstRow(db, 'SELECT 1 FROM app_user WHERE is_admin LIMIT 1')) !== undefined;
}

export async function isAdministratorCalled(
  db: Queryable,
  username: string,
  email: string,
): Promise<boolean> {
  const sql = 'SELECT 1 FROM app_user WHERE is_admin AND username = $1 AND email_key = $2';
  return (await firstRow(db, sql, [username, emailKey(email)])) !== undefined;
}

/** False when there is no such user. */
export async function setAdministrator(
  db: Queryable,
  id: string,
  isAdmin: boolean,
): Promise<boolean> {
  const sql = 'UPDATE app_user SET is_admin = $2 WHERE id = $1 RETURNING id';
  return (await rows(db, sql, [id, isAdmin])).length > 0;
}

/**
 * Locks a user until the transaction ends, so that what is counted of theirs stays as it is. Rows
 * that refer to the user can be written meanwhile, by those who do not count.
 */
export async function lockUser(tx: Queryable, id: string): Promise<void> {
  await tx.query('SELECT 1 FROM app_user WHERE id = $1 FOR NO KEY UPDATE', [id]);
}

export async function deleteUserRow(tx: Queryable, id: string): Promise<void> {
  await tx.query('DELETE FROM app_user WHERE id = $1', [id]);
}

/** Ids of what a user has uploaded; each owns the objects under `uploads/<id>/`. */
export async function uploadIdsOf(db: Queryable, userId: string): Promise<string[]> {
  const found = await rows<{ id: string }>(db, 'SELECT id FROM upload WHERE user_id = $1', [
    userId,
  ]);
  return found.map(({ id }) => id);
}
