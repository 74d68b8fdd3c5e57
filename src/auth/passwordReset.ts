import { createHash, randomBytes } from 'node:crypto';
import type { Database, Queryable } from '../database/database';
import {
  putPasswordReset,
  takePasswordReset,
  userOfPasswordReset,
} from '../database/accounts/passwordResets';
import type { User } from '../database/accounts/users';
import { TrainyardError } from '../errors';
import { checkNewPassword } from './passwordRules';
import { hashPassword } from './passwords';
import { setPassword, type SetPasswordOptions } from './setPassword';

/** How long a reset link is good. */
const lifeSeconds = 24 * 60 * 60;

export interface PasswordReset {
  /** Shown once; only a hash of it is kept. */
  token: string;
  /** Where it is used, below the address of the API. */
  path: string;
  expires_at: Date;
}

/**
 * Makes a link with which a user chooses a new password, once, within a day. Another one from before is
 * void. The password stays until the link is used.
 * @param userId of a user who is there
 */
export async function createPasswordReset(db: Queryable, userId: string): Promise<PasswordReset> {
  const token = randomBytes(32).toString('base64url');
  const expires_at = await putPasswordReset(db, userId, hashOf(token), lifeSeconds);
  return { token, path: `/api/v2/password-reset?token=${token}`, expires_at };
}

/**
 * Gives the holder of a reset link a new password.
 * @param shortest characters that it has at least
 * @returns whose it is
 * @throws TrainyardError 403 for a link that is not good (any more), 422 for a password against the rules
 */
export async function redeemPasswordReset(
  database: Database,
  token: string,
  password: string,
  { shortest, ...options }: SetPasswordOptions & { shortest: number },
): Promise<User> {
  const user = await userOfPasswordReset(database.manager, hashOf(token));
  if (!user) throw closed();
  checkNewPassword(password, user, shortest);
  const hash = await hashPassword(password);
  await database.transaction(async (tx) => {
    if (!(await takePasswordReset(tx, hashOf(token)))) throw closed();
    await setPassword(tx, user.id, hash, options);
  });
  return user;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function closed(): TrainyardError {
  return new TrainyardError(
    'config',
    'reset_link_invalid',
    'this link is not valid (any more): it was used, a day has passed, or a newer one was made; ask an administrator for another',
    403,
  );
}
