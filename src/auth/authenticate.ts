import { TrainyardError } from '../errors';
import type { Queryable } from '../database/database';
import { userByApiToken } from '../database/tokens';
import { userById, userForLogin, type User } from '../database/users';
import { apiTokenHash, apiTokenPrefix } from './apiTokens';
import { verifyPassword } from './passwords';
import type { TokenService } from './tokens';
import { tokenExpired, tokenUnauthorized } from './unauthorized';

/** Who asks, and when the token that they asked with ends; `null`: not by itself. */
export interface Caller extends User {
  expires_at: Date | null;
}

/**
 * The user that an access token or an API token belongs to.
 * @throws TrainyardError 401 for a bad token, 404 when its user is gone
 */
export async function authenticateUser(
  db: Queryable,
  tokens: TokenService,
  token: string,
): Promise<Caller> {
  if (token.startsWith(apiTokenPrefix)) return authenticateApiToken(db, token);
  const { userId, expires } = tokens.verifyUser(token);
  const user = await userById(db, userId);
  if (!user) throw new TrainyardError('config', 'user_not_found', 'user not found', 404);
  return { ...user, expires_at: expires };
}

/**
 * The user with this e-mail address and password.
 * @throws TrainyardError 404 for an unknown address (as v2 clients expect), 401 for a wrong password
 */
export async function signIn(
  db: Queryable,
  { email, password }: { email: string; password: string },
): Promise<User> {
  const found = await userForLogin(db, email);
  if (!found) {
    throw new TrainyardError('config', 'user_not_found', `no user has the e-mail ${email}`, 404);
  }
  const { password_hash, ...user } = found;
  if (await verifyPassword(password_hash, password)) return user;
  throw new TrainyardError('config', 'wrong_password', 'email or password is incorrect', 401);
}

async function authenticateApiToken(db: Queryable, token: string): Promise<Caller> {
  const found = await userByApiToken(db, apiTokenHash(token));
  if (!found) throw tokenUnauthorized();
  if (found.expired) throw tokenExpired();
  return { ...found.user, expires_at: found.expires_at };
}
