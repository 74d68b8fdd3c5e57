import {
  allows,
  authorizeTeamMember,
  effectivePermission,
  modelNotFound,
} from '../../../src/auth/policies';
import { modelAccess, setAccess, setDefaultPermission } from '../../../src/database/models/models';
import { TrainyardError } from '../../../src/errors';
import { access } from '../../core/access';
import { nothing } from '../../core/fields';
import { route } from '../../core/route';
import { accessBody, defaultPermissionBody, permissionsReply } from './schema';

/** Who may see a model, and what they may do with it. */
export const sharingRoutes = [
  route({
    method: 'post',
    path: '/model/:model_id/access',
    summary: 'Make a model private, public, or shared with a team (protected)',
    description: 'You must be a member of the team.',
    policy: access.model('owner'),
    body: accessBody,
    response: nothing,
    handler: async ({ deps, user, model, body }) => {
      const isProtected = body.access === 'protected';
      if (isProtected) await authorizeTeamMember(deps.database, user, required(body.team_id));
      const teamId = isProtected ? required(body.team_id) : null;
      await setAccess(deps.database, model.id, body.access, teamId);
      return {};
    },
  }),
  route({
    method: 'post',
    path: '/model/:model_id/default-permission',
    summary: 'What others who see a model may do with it',
    policy: access.model('owner'),
    body: defaultPermissionBody,
    response: nothing,
    handler: async ({ deps, model, body }) => {
      await setDefaultPermission(deps.database, model.id, body.permission);
      return {};
    },
  }),
  route({
    method: 'get',
    path: '/model/:model_id/permissions',
    summary: 'What you may do with a model',
    policy: access.user,
    response: permissionsReply,
    handler: async ({ deps, user, params: { model_id } }) => {
      const model = await modelAccess(deps.database, model_id, user.id);
      if (!model) throw modelNotFound(model_id);
      const permission = effectivePermission(user, model);
      return {
        read: allows(permission, 'read'),
        write: allows(permission, 'write'),
        owner: allows(permission, 'owner'),
        username: user.username,
        exp: user.expires_at?.toISOString() ?? null,
      };
    },
  }),
];

function required(teamId: string | undefined): string {
  if (teamId !== undefined) return teamId;
  const message = 'team_id is required with access "protected"';
  throw new TrainyardError('config', 'team_required', message);
}
