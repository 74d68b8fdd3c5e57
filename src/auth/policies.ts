import type { Queryable } from '../database/database';
import { modelAccess, type ModelAccess } from '../database/models/models';
import { membership } from '../database/accounts/teams';
import type { User } from '../database/accounts/users';
import { TrainyardError } from '../errors';

/** From least to most. */
export const permissions = ['none', 'read', 'write', 'owner'] as const;
export type Permission = (typeof permissions)[number];

/** What an operation can ask for. */
export type Need = Exclude<Permission, 'none'>;

/** What counts for a permission: the model's settings, and the user's part in the model's team. */
export type AccessFacts = Pick<
  ModelAccess,
  'owner_id' | 'access' | 'default_permission' | 'team_id' | 'team_role'
>;

/** What a user may do with a model; the first rule that matches decides. */
export function effectivePermission(
  user: Pick<User, 'id' | 'is_admin'>,
  model: AccessFacts,
): Permission {
  if (user.is_admin) return 'owner';
  if (model.owner_id === user.id) return 'owner';
  if (model.access === 'public') return model.default_permission;
  if (model.access === 'protected' && model.team_id !== null) {
    if (model.team_role === 'admin') return 'owner';
    if (model.team_role === 'member') return model.default_permission;
  }
  return 'none';
}

export function allows(actual: Permission, need: Permission): boolean {
  return permissions.indexOf(actual) >= permissions.indexOf(need);
}

/** The model, if the user has the permission; 404 when there is none, 403 when it is too little. */
export async function authorizeModel(
  db: Queryable,
  user: User,
  modelId: string,
  need: Need,
): Promise<ModelAccess> {
  const model = await modelAccess(db, modelId, user.id);
  if (!model) throw modelNotFound(modelId);
  const actual = effectivePermission(user, model);
  if (!allows(actual, need)) {
    throw forbidden(
      `you need ${need} permission on model ${modelId}, you have ${actual === 'none' ? 'no' : actual} permission; ask its owner or an administrator`,
    );
  }
  return model;
}

export function authorizeAdministrator(user: User): void {
  if (!user.is_admin) throw forbidden('only administrators may do this');
}

/** Passes administrators and the administrators of the team; 404 when there is no such team. */
export async function authorizeTeamAdministrator(
  db: Queryable,
  user: User,
  teamId: string,
): Promise<void> {
  const found = await membership(db, teamId, user.id);
  if (!found) throw teamNotFound(teamId);
  if (user.is_admin || found.role === 'admin') return;
  throw forbidden('only administrators and administrators of this team may do this');
}

/** Passes members of the team and administrators; 404 when there is no such team. */
export async function authorizeTeamMember(
  db: Queryable,
  user: User,
  teamId: string,
): Promise<void> {
  const found = await membership(db, teamId, user.id);
  if (!found) throw teamNotFound(teamId);
  if (user.is_admin || found.role !== null) return;
  throw notATeamMember();
}

/** An upload is its creator's alone; not even an administrator may use it. */
export function authorizeUpload(user: User, upload: { id: string; user_id: string }): void {
  if (upload.user_id !== user.id) {
    throw forbidden(`user ${user.username} does not have permission to access upload ${upload.id}`);
  }
}

export function modelNotFound(modelId: string): TrainyardError {
  return new TrainyardError('config', 'model_not_found', `model ${modelId} not found`, 404);
}

export function teamNotFound(teamId: string): TrainyardError {
  return new TrainyardError('config', 'team_not_found', `team ${teamId} not found`, 404);
}

export function notATeamMember(): TrainyardError {
  return new TrainyardError('config', 'not_a_team_member', 'user is not a member of team', 404);
}

function forbidden(message: string): TrainyardError {
  return new TrainyardError('config', 'forbidden', message, 403);
}
