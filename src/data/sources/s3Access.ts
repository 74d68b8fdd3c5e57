import {
  liesBelow,
  parseS3Location,
  s3LocationForm,
  showS3Location,
} from '../../config/s3Location';
import type { S3Root } from '../../config/s3Roots';
import type { Queryable } from '../../database/database';
import { userWithTeams } from '../../database/accounts/users';

/** Those of the operator's folders in S3 that a user may read; an account that is gone may none. */
export async function s3RootsOf(
  db: Queryable,
  roots: readonly S3Root[],
  userId: string,
): Promise<S3Root[]> {
  if (roots.every(isForAll)) return [...roots];
  const user = await userWithTeams(db, userId);
  if (!user) return [];
  const teams = user.teams.flatMap(({ team_id, team_name }) => [team_id, team_name]);
  return roots.filter(
    (root) =>
      isForAll(root) ||
      root.users.some((granted) => granted === user.id || granted === user.username) ||
      root.teams.some((granted) => teams.includes(granted)),
  );
}

function isForAll({ users, teams }: S3Root): boolean {
  return users.length === 0 && teams.length === 0;
}

/** Why a path cannot be one of an `s3` location, going by its letters alone. */
export function s3PathProblem(path: string, roots: readonly S3Root[]): string | undefined {
  const given = JSON.stringify(path);
  const location = parseS3Location(path);
  if (!location) return `S3 path ${given} cannot be: allowed is ${s3LocationForm}`;
  if (roots.some((root) => liesBelow(location, root))) return undefined;
  return `S3 path ${given} is not below a folder that this server lets you read: allowed are ${roots.map(showS3Location).join(', ')} (TRAINYARD_S3_ROOTS)`;
}
