import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { apiTokenHash, newApiToken } from '../../../src/auth/apiTokens';
import { apiTokensOf, deleteApiToken, insertApiToken } from '../../../src/database/accounts/tokens';
import { TrainyardError } from '../../../src/errors';
import { access } from '../../core/access';
import { nothing } from '../../core/fields';
import { route } from '../../core/route';
import { presentToken } from './presenter';
import { newTokenBody, newTokenReply, tokenReply } from './schema';

const day = 24 * 60 * 60 * 1000;

/** Lasting tokens, for scripts. */
export const tokenRoutes = [
  route({
    method: 'post',
    path: '/user/tokens',
    summary: 'Make an API token, which may do all that you may',
    description: 'Send it as `Authorization: Bearer`. Only a hash of it is kept.',
    policy: access.user,
    body: newTokenBody,
    response: newTokenReply,
    handler: async ({ deps, user, body: { name, expires_in_days } }) => {
      const token = newApiToken();
      const id = randomUUID();
      const expires_at = expires_in_days ? new Date(Date.now() + expires_in_days * day) : null;
      const hash = apiTokenHash(token);
      await insertApiToken(deps.database, { id, user_id: user.id, name, hash, expires_at });
      return { token_id: id, token, name, expires_at: expires_at?.toISOString() ?? null };
    },
  }),
  route({
    method: 'get',
    path: '/user/tokens',
    summary: 'Your API tokens, newest first, without the tokens themselves',
    policy: access.user,
    response: z.array(tokenReply),
    handler: async ({ deps, user }) =>
      (await apiTokensOf(deps.database, user.id)).map(presentToken),
  }),
  route({
    method: 'delete',
    path: '/user/tokens/:token_id',
    summary: 'End an API token at once',
    policy: access.user,
    response: nothing,
    handler: async ({ deps, user, params: { token_id } }) => {
      if (await deleteApiToken(deps.database, user.id, token_id)) return {};
      const message = `you have no API token ${token_id}`;
      throw new TrainyardError('config', 'token_not_found', message, 404);
    },
  }),
];
