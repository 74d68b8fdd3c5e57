import { userNotFound } from '../../../src/auth/deleteAccount';
import { notATeamMember } from '../../../src/auth/policies';
import type { Queryable } from '../../../src/database/database';
import {
  addMember,
  addTeamAdministrator,
  removeMember,
  removeTeamAdministrator,
} from '../../../src/database/accounts/teams';
import { userById } from '../../../src/database/accounts/users';
import { access } from '../../core/access';
import { nothing } from '../../core/fields';
import { route } from '../../core/route';

/** Who is in a team, and who looks after it. Adding is harmless when repeated. */
export const memberRoutes = [
  route({
    method: 'post',
    path: '/team/:team_id/users/:user_id',
    summary: 'Add a member to a team',
    policy: access.teamAdministrator,
    response: nothing,
    handler: async ({ deps, params: { team_id, user_id } }) => {
      await requireUser(deps.database, user_id);
      await addMember(deps.database, team_id, user_id);
      return {};
    },
  }),
  route({
    method: 'delete',
    path: '/team/:team_id/users/:user_id',
    summary: "Remove a member; the member's models of the team become private",
    policy: access.teamAdministrator,
    response: nothing,
    handler: async ({ params: { team_id, user_id }, transaction }) => {
      const removed = await transaction((tx) => removeMember(tx, team_id, user_id));
      if (!removed) throw notATeamMember();
      return {};
    },
  }),
  route({
    method: 'post',
    path: '/team/:team_id/admins/:user_id',
    summary: 'Make a user an administrator of the team, and a member',
    policy: access.teamAdministrator,
    response: nothing,
    handler: async ({ deps, params: { team_id, user_id } }) => {
      await requireUser(deps.database, user_id);
      await addTeamAdministrator(deps.database, team_id, user_id);
      return {};
    },
  }),
  route({
    method: 'delete',
    path: '/team/:team_id/admins/:user_id',
    summary: 'Make an administrator of the team an ordinary member',
    policy: access.teamAdministrator,
    response: nothing,
    handler: async ({ deps, params: { team_id, user_id } }) => {
      if (!(await removeTeamAdministrator(deps.database, team_id, user_id))) throw notATeamMember();
      return {};
    },
  }),
];

async function requireUser(db: Queryable, id: string): Promise<void> {
  if (!(await userById(db, id))) throw userNotFound(id);
}
