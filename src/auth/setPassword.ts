import type { Queryable } from '../database/database';
import { deletePasswordReset } from '../database/accounts/passwordResets';
import { deleteApiTokensOf } from '../database/accounts/tokens';
import { updatePassword } from '../database/accounts/users';

export interface SetPasswordOptions {
  /** Ends the user's API tokens too. @default false: scripts go on */
  endApiTokens?: boolean | undefined;
}

/**
 * Gives a user a new password. The access tokens given for the old one, and a reset link, end with it.
 * @returns how often it was changed by now, for new tokens; undefined when there is no such user
 */
export async function setPassword(
  tx: Queryable,
  userId: string,
  passwordHash: string,
  { endApiTokens = false }: SetPasswordOptions,
): Promise<number | undefined> {
  if (endApiTokens) await deleteApiTokensOf(tx, userId);
  await deletePasswordReset(tx, userId);
  return updatePassword(tx, userId, passwordHash);
}
