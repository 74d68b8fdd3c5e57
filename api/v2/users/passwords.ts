import { changePassword } from '../../../src/auth/changePassword';
import { userNotFound } from '../../../src/auth/deleteAccount';
import { createPasswordReset } from '../../../src/auth/passwordReset';
import { userById } from '../../../src/database/accounts/users';
import { access } from '../../core/access';
import { route } from '../../core/route';
import { changePasswordBody, loginReply, passwordResetReply } from './schema';

/** Changing one's password, and a link for who has forgotten it. */
export const passwordRoutes = [
  route({
    method: 'post',
    path: '/user/password',
    summary: 'Change your password',
    description:
      'Ends all your access tokens, and with `end_api_tokens` your API tokens; the reply has a new access token. 403 for a wrong current password.',
    policy: access.user,
    refuses: [403, 429],
    body: changePasswordBody,
    response: loginReply,
    handler: async ({ deps, user, body, address }) => {
      const changed = await changePassword(deps.database, deps.attempts, user, {
        current: body.current_password,
        next: body.new_password,
        shortest: deps.config.accounts.shortestPassword,
        endApiTokens: body.end_api_tokens ?? false,
        address,
      });
      const access_token = deps.tokens.signUser(changed.id, changed.password_version);
      return { user_id: changed.id, access_token };
    },
  }),
  route({
    method: 'post',
    path: '/user/:user_id/password-reset',
    summary: 'Make a link with which a user chooses a new password',
    description:
      'The link works once, within a day; a newer one voids it. Hand it to the user: there is no mail. The old password stays until then.',
    policy: access.administrator,
    response: passwordResetReply,
    handler: async ({ deps, params: { user_id } }) => {
      if (!(await userById(deps.database, user_id))) throw userNotFound(user_id);
      const { token, path, expires_at } = await createPasswordReset(deps.database, user_id);
      return { token, path, expires_at: expires_at.toISOString() };
    },
  }),
];
