import type { z } from 'zod';
import type { ApiTokenRow } from '../../../src/database/accounts/tokens';
import type { UserWithTeams } from '../../../src/database/accounts/users';
import type { tokenReply, userReply } from './schema';

export function presentUser(user: UserWithTeams): z.input<typeof userReply> {
  const { id, username, email, is_admin, teams } = user;
  return { id, username, email, admin: is_admin, teams };
}

export function presentToken(token: ApiTokenRow): z.input<typeof tokenReply> {
  return {
    token_id: token.id,
    name: token.name,
    created_at: token.created_at.toISOString(),
    expires_at: token.expires_at?.toISOString() ?? null,
  };
}
