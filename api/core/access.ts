import type { Caller } from '../../src/auth/authenticate';
import {
  authorizeAdministrator,
  authorizeModel,
  authorizeTeamAdministrator,
  type Need,
} from '../../src/auth/policies';
import type { JobClaims } from '../../src/auth/tokens';
import type { ModelAccess } from '../../src/database/models/models';
import type { Credential, Policy } from './policy';

/** What routes may ask for. The decisions themselves are in `src/auth/policies.ts`. */
export const access = {
  /** No token. */
  anyone: policy('none', 'nothing', [], [], () => ({})),

  /** Any signed-in user: a user token or an API token. */
  user: policy('user', 'a user', [], [404], ({ identity }) => ({ user: identity })),

  administrator: policy('user', 'an administrator', [], [403, 404], ({ identity }) => {
    authorizeAdministrator(identity);
    return { user: identity };
  }),

  /** A permission on the model that `:model_id` names. */
  model: (need: Need): Policy<{ user: Caller; model: ModelAccess }, 'user'> =>
    policy(
      'user',
      `${need} on the model`,
      ['model_id'],
      [403, 404],
      async ({ deps, identity, params }) => ({
        user: identity,
        model: await authorizeModel(deps.database, identity, params['model_id']!, need),
      }),
    ),

  /** An administrator, or an administrator of the team that `:team_id` names. */
  teamAdministrator: policy(
    'user',
    'an administrator of the team',
    ['team_id'],
    [403, 404],
    async ({ deps, identity, params }) => {
      await authorizeTeamAdministrator(deps.database, identity, params['team_id']!);
      return { user: identity };
    },
  ),

  /** Who signs in with HTTP Basic: e-mail address and password. */
  password: policy(
    'password',
    'e-mail address and password (HTTP Basic)',
    [],
    [404, 422],
    ({ identity }) => ({
      user: identity,
    }),
  ),

  /** A job token: of one model, for the job that trains or serves it. */
  job: policy('job', 'a job token', [], [403, 404], ({ identity }): { job: JobClaims } => ({
    job: identity,
  })),
};

function policy<Granted extends object, C extends Credential>(
  credential: C,
  needs: string,
  params: readonly string[],
  refuses: readonly number[],
  permit: Policy<Granted, C>['permit'],
): Policy<Granted, C> {
  return { credential, needs, params, refuses, permit };
}
