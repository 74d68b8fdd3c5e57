import { nameKeys } from '../../identity/displayName';
import { firstRow, rows, type Queryable } from '../database';

export interface Team {
  id: string;
  name: string;
}

export type TeamRole = 'admin' | 'member';

export interface TeamMember {
  user_id: string;
  username: string;
  email: string;
  team_admin: boolean;
}

/**
 * Breaks `team_name_unique`, `team_name_folded_unique` or `team_name_look_unique` when another team has
 * the name or one like it.
 */
export async function insertTeam(db: Queryable, team: Team): Promise<void> {
  const { folded, look } = nameKeys(team.name);
  await db.query('INSERT INTO team (id, name, name_folded, name_look) VALUES ($1, $2, $3, $4)', [
    team.id,
    team.name,
    folded,
    look,
  ]);
}

export async function allTeams(db: Queryable): Promise<Team[]> {
  return rows(db, 'SELECT id, name FROM team ORDER BY name');
}

export async function teamsOf(db: Queryable, userId: string): Promise<Team[]> {
  return rows(
    db,
    `SELECT t.id, t.name FROM team t JOIN team_member m ON m.team_id = t.id
     WHERE m.user_id = $1 ORDER BY t.name`,
    [userId],
  );
}

/** A user's part in a team: `null` for none; undefined when there is no such team. */
export async function membership(
  db: Queryable,
  teamId: string,
  userId: string,
): Promise<{ role: TeamRole | null } | undefined> {
  return firstRow(
    db,
    `SELECT CASE WHEN m.is_team_admin THEN 'admin' WHEN m.user_id IS NOT NULL THEN 'member' END AS role
     FROM team t LEFT JOIN team_member m ON m.team_id = t.id AND m.user_id = $2
     WHERE t.id = $1`,
    [teamId, userId],
  );
}

export async function membersOf(db: Queryable, teamId: string): Promise<TeamMember[]> {
  return rows(
    db,
    `SELECT u.id AS user_id, u.username, u.email, m.is_team_admin AS team_admin
     FROM team_member m JOIN app_user u ON u.id = m.user_id
     WHERE m.team_id = $1 ORDER BY u.username`,
    [teamId],
  );
}

/** Makes a user a member; nothing changes for one who is. */
export async function addMember(db: Queryable, teamId: string, userId: string): Promise<void> {
  await db.query(
    'INSERT INTO team_member (team_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [teamId, userId],
  );
}

/** Makes a user an administrator of the team, and a member first if need be. */
export async function addTeamAdministrator(
  db: Queryable,
  teamId: string,
  userId: string,
): Promise<void> {
  await db.query(
    `INSERT INTO team_member (team_id, user_id, is_team_admin) VALUES ($1, $2, true)
     ON CONFLICT (user_id, team_id) DO UPDATE SET is_team_admin = true`,
    [teamId, userId],
  );
}

/** Takes the administrator's part and keeps the membership; false when not a member. */
export async function removeTeamAdministrator(
  db: Queryable,
  teamId: string,
  userId: string,
): Promise<boolean> {
  const sql =
    'UPDATE team_member SET is_team_admin = false WHERE team_id = $1 AND user_id = $2 RETURNING user_id';
  return (await rows(db, sql, [teamId, userId])).length > 0;
}

/** Removes a member, whose models of the team become private; false when not a member. */
export async function removeMember(
  tx: Queryable,
  teamId: string,
  userId: string,
): Promise<boolean> {
  const removed = await rows(
    tx,
    'DELETE FROM team_member WHERE team_id = $1 AND user_id = $2 RETURNING user_id',
    [teamId, userId],
  );
  if (removed.length === 0) return false;
  await tx.query(
    `UPDATE model SET access = 'private', team_id = NULL
     WHERE team_id = $1 AND owner_id = $2 AND access = 'protected'`,
    [teamId, userId],
  );
  return true;
}

/** Deletes a team, whose models become private; false when there is none. */
export async function deleteTeam(tx: Queryable, teamId: string): Promise<boolean> {
  await tx.query(
    `UPDATE model SET access = 'private', team_id = NULL
     WHERE team_id = $1 AND access = 'protected'`,
    [teamId],
  );
  return (await rows(tx, 'DELETE FROM team WHERE id = $1 RETURNING id', [teamId])).length > 0;
}
