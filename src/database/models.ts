import { firstRow, type Queryable } from './database';
import type { Status } from './status';
import type { TeamRole } from './teams';

export const accesses = ['private', 'protected', 'public'] as const;
export type Access = (typeof accesses)[number];

export const defaultPermissions = ['read', 'write'] as const;
export type DefaultPermission = (typeof defaultPermissions)[number];

/** What is looked at before anything is done with a model. */
export interface ModelAccess {
  id: string;
  name: string;
  type: string;
  owner_id: string;
  access: Access;
  default_permission: DefaultPermission;
  team_id: string | null;
  /** The asking user's part in the model's team. */
  team_role: TeamRole | null;
  train_status: Status;
  deploy_status: Status;
}

/** A new model. Breaks `model_name_per_owner` when its owner has one of that name. */
export interface NewModel {
  id: string;
  name: string;
  type: string;
  owner_id: string;
  base_model_id: string | null;
  /** Strings to strings. */
  attributes: Record<string, string>;
}

/** The unique rule on a model's name, as the database names it. */
export const modelNamePerOwner = 'model_name_per_owner';

/** Adds a private model with both statuses `not_started`. */
export async function insertModel(db: Queryable, model: NewModel): Promise<void> {
  await db.query(
    `INSERT INTO model (id, name, type, owner_id, base_model_id, attributes)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      model.id,
      model.name,
      model.type,
      model.owner_id,
      model.base_model_id,
      JSON.stringify(model.attributes),
    ],
  );
}

export async function modelAccess(
  db: Queryable,
  modelId: string,
  userId: string,
): Promise<ModelAccess | undefined> {
  return firstRow<ModelAccess>(
    db,
    `SELECT m.id, m.name, m.type, m.owner_id, m.access, m.default_permission, m.team_id,
       CASE WHEN tm.is_team_admin THEN 'admin' WHEN tm.user_id IS NOT NULL THEN 'member' END
         AS team_role,
       m.train_status, m.deploy_status
     FROM model m
     LEFT JOIN team_member tm ON tm.team_id = m.team_id AND tm.user_id = $2
     WHERE m.id = $1`,
    [modelId, userId],
  );
}
