import { z } from 'zod';
import { createAccount } from '../../../src/auth/accounts';
import { clientNetwork } from '../../../src/auth/clientNetwork';
import { TrainyardError } from '../../../src/errors';
import { access } from '../../core/access';
import { route } from '../../core/route';
import { accountBody, loginReply, userIdReply } from './schema';

/** Signing up and signing in. */
export const sessionRoutes = [
  route({
    method: 'post',
    path: '/user/signup',
    summary: 'Sign up',
    description:
      '409 when the username (or one that looks like it) or the e-mail address is taken. 429 after many from one address.',
    policy: access.anyone,
    refuses: [403],
    body: accountBody,
    response: userIdReply,
    handler: async ({ deps, body, address }) => {
      await deps.attempts.signUp(address);
      const { shortestPassword } = deps.config.accounts;
      const account = { ...body, is_admin: false };
      const options = { shortestPassword, asker: clientNetwork(address) };
      return { user_id: await createAccount(deps.database, account, options) };
    },
  }),
  route({
    method: 'get',
    path: '/user/login',
    summary: 'Sign in with HTTP Basic, for an access token of 15 minutes',
    description:
      '404 for an unknown e-mail address, 401 for a wrong password. 429 after many sign-ins from one address, or ten wrong passwords for one account from it.',
    policy: access.password,
    response: loginReply,
    handler: ({ deps, user }) => ({
      user_id: user.id,
      access_token: deps.tokens.signUser(user.id, user.password_version),
    }),
  }),
  route({
    method: 'post',
    path: '/user/login-with-token',
    summary: "Sign in with an identity provider's token (not available)",
    policy: access.anyone,
    body: z.object({ access_token: z.string().default('') }),
    response: loginReply,
    handler: () => {
      throw new TrainyardError(
        'config',
        'no_identity_provider',
        'login-with-token is not available: this server has no identity provider; sign in with GET /api/v2/user/login',
      );
    },
  }),
];
