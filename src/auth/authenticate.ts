import { TrainyardError } from '../errors';
import type { Queryable } from '../database/database';
import { userByApiToken } from '../database/tokens';
import { userById, type User } from '../database/users';
import { apiTokenHash, apiTokenPrefix } from './apiTokens';
import type { TokenService } from './tokens';
import { tokenExpired, tokenUnauthorized } from './unauthorized';

/**
 * The user that an access token or an API token belongs to.
 * @throws TrainyardError 401 for a bad token, 404 when its user is gone
 */
export async function authenticateUser(
  db: Queryable,
  tokens: TokenService,
  token: string,
): Promise<User> {
  if (token.startsWith(apiTokenPrefix)) return authenticateApiToken(db, token);
  const user = await userById(db, tokens.verifyUser(token));
  if (!user) throw new TrainyardError('config', 'user_not_found', 'user not found', 404);
  return user;
}

async function authenticateApiToken(db: Queryable, token: string): Promise<User> {
  const found = await userByApiToken(db, apiTokenHash(token));
  if (!found) throw tokenUnauthorized();
  if (found.expired) throw tokenExpired();
  return found.user;
}
