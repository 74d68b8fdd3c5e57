import type { Database } from '../database/database';
import type { SignedInUser, User } from '../database/accounts/users';
import { TrainyardError } from '../errors';
import type { AttemptLimits } from './attemptLimits';
import { findByPassword } from './authenticate';
import { checkNewPassword } from './passwordRules';
import { hashPassword } from './passwords';
import { setPassword, type SetPasswordOptions } from './setPassword';

export interface PasswordChange extends SetPasswordOptions {
  current: string;
  next: string;
  /** Characters that the new one has at least. */
  shortest: number;
  /** Where the request comes from. */
  address: string;
}

/**
 * Changes the password of somebody who is signed in and knows the current one.
 * @returns the user with the new version, for a new access token
 * @throws TrainyardError 403 for a wrong current password, 422 for a new one against the rules
 * @throws LimitReached 429 after too many wrong ones: a stolen token is no way to guess
 */
export async function changePassword(
  database: Database,
  limits: AttemptLimits,
  user: User,
  change: PasswordChange,
): Promise<SignedInUser> {
  checkNewPassword(change.next, user, change.shortest);
  const credentials = { email: user.email, password: change.current, address: change.address };
  await findByPassword(database, limits, credentials).catch((error: unknown) => {
    throw error instanceof TrainyardError && error.status === 401 ? wrongCurrent() : error;
  });
  const hash = await hashPassword(change.next);
  const password_version = await database.transaction((tx) =>
    setPassword(tx, user.id, hash, change),
  );
  if (password_version === undefined) throw userGone();
  const { id, username, email, is_admin } = user;
  return { id, username, email, is_admin, password_version };
}

/** 403, as 401 would say that the token is wrong. */
function wrongCurrent(): TrainyardError {
  const message = 'current_password is not your password';
  return new TrainyardError('config', 'wrong_password', message, 403);
}

function userGone(): TrainyardError {
  return new TrainyardError('config', 'user_not_found', 'user not found', 404);
}
