import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { teamNotFound } from '../../../src/auth/policies';
import { violatedConstraint } from '../../../src/database/constraints';
import type { Queryable } from '../../../src/database/database';
import { modelsOfTeam } from '../../../src/database/models/modelViews';
import {
  allTeams,
  deleteTeam,
  insertTeam,
  membersOf,
  teamsOf,
} from '../../../src/database/accounts/teams';
import { TrainyardError } from '../../../src/errors';
import { displayName } from '../../../src/identity/displayName';
import { access } from '../../core/access';
import { nothing } from '../../core/fields';
import { route } from '../../core/route';
import { presentPage } from '../models/presenter';
import { modelReply, modelsQuery, pagingNote } from '../models/schema';
import { memberRoutes } from './members';
import { memberReply, newTeamBody, teamIdReply, teamReply } from './schema';

export const teamRoutes = [
  route({
    method: 'post',
    path: '/team/create',
    summary: 'Make a team',
    policy: access.administrator,
    body: newTeamBody,
    response: teamIdReply,
    handler: async ({ deps, body }) => ({ team_id: await createTeam(deps.database, body.name) }),
  }),
  route({
    method: 'delete',
    path: '/team/:team_id',
    summary: 'Delete a team; its models become private',
    policy: access.administrator,
    response: nothing,
    handler: async ({ params, transaction }) => {
      const deleted = await transaction((tx) => deleteTeam(tx, params.team_id));
      if (!deleted) throw teamNotFound(params.team_id);
      return {};
    },
  }),
  route({
    method: 'get',
    path: '/team/list',
    summary: 'Your teams; for administrators, all teams',
    policy: access.user,
    response: z.array(teamReply),
    handler: ({ deps, user }) =>
      user.is_admin ? allTeams(deps.database) : teamsOf(deps.database, user.id),
  }),
  route({
    method: 'get',
    path: '/team/:team_id/users',
    summary: 'The members of a team',
    policy: access.teamAdministrator,
    response: z.array(memberReply),
    handler: ({ deps, params }) => membersOf(deps.database, params.team_id),
  }),
  route({
    method: 'get',
    path: '/team/:team_id/models',
    summary: 'The protected models of a team, newest first',
    description: pagingNote,
    policy: access.teamAdministrator,
    query: modelsQuery,
    response: z.array(modelReply),
    handler: async ({ deps, params, query, setHeader }) =>
      presentPage(await modelsOfTeam(deps.database, params.team_id, query), query, setHeader),
  }),
  ...memberRoutes,
];

async function createTeam(db: Queryable, given: string): Promise<string> {
  if (given.trim() === '') {
    throw new TrainyardError('config', 'empty_team_name', 'team name must not be empty', 400);
  }
  const team = { id: randomUUID(), name: displayName('name', given, 100) };
  try {
    await insertTeam(db, team);
  } catch (error) {
    throw taken(violatedConstraint(error), team.name) ?? error;
  }
  return team.id;
}

function taken(constraint: string | undefined, name: string): TrainyardError | undefined {
  if (constraint === 'team_name_unique') return conflict(`team ${name} exists already`);
  return constraint?.startsWith('team_name_')
    ? conflict(`team ${name} looks like one that exists already: choose another name`)
    : undefined;
}

function conflict(message: string): TrainyardError {
  return new TrainyardError('config', 'team_name_taken', message, 409);
}
