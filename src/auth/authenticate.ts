import { TrainyardError } from '../errors';
import type { Queryable } from '../database/database';
import { userByApiToken } from '../database/accounts/tokens';
import {
  userForLogin,
  userForToken,
  type SignedInUser,
  type User,
} from '../database/accounts/users';
import { apiTokenHash, apiTokenPrefix } from './apiTokens';
import type { AttemptLimits } from './attemptLimits';
import { clientNetwork } from './clientNetwork';
import { verifyingPassword } from './passwords';
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
  const { userId, passwordVersion, expires } = tokens.verifyUser(token);
  const found = await userForToken(db, userId);
  if (!found) throw new TrainyardError('config', 'user_not_found', 'user not found', 404);
  const { password_version, ...user } = found;
  if (password_version !== passwordVersion) throw tokenUnauthorized();
  return { ...user, expires_at: expires };
}

/** An e-mail address and a password, and the client's address that they came from. */
export interface Credentials {
  email: string;
  password: string;
  address: string;
}

/**
 * The user with this e-mail address and password. Whether there is such a user shows in the answer (as
 * v2 clients expect), but neither in its time nor in what is counted.
 * @throws TrainyardError 404 for an unknown address, 401 for a wrong password
 * @throws LimitReached 429 after too many sign-ins, or too many wrong ones
 */
export async function signIn(
  db: Queryable,
  limits: AttemptLimits,
  credentials: Credentials,
): Promise<SignedInUser> {
  await limits.signIn(credentials.address);
  return findByPassword(db, limits, credentials);
}

/** `signIn` for somebody who is signed in: holds their password against what they give for it. */
export async function findByPassword(
  db: Queryable,
  limits: AttemptLimits,
  { email, password, address }: Credentials,
): Promise<SignedInUser> {
  return verifyingPassword(clientNetwork(address), async (verify) => {
    await limits.checkFailures(address, email);
    const found = await userForLogin(db, email);
    if (!(await verify(found?.password_hash, password)) || !found) {
      await limits.failed(address, email);
      throw found ? wrongPassword() : unknownEmail(email);
    }
    await limits.succeeded(address, email);
    const { id, username, is_admin, password_version } = found;
    return { id, username, email: found.email, is_admin, password_version };
  });
}

function unknownEmail(email: string): TrainyardError {
  return new TrainyardError('config', 'user_not_found', `no user has the e-mail ${email}`, 404);
}

function wrongPassword(): TrainyardError {
  return new TrainyardError('config', 'wrong_password', 'email or password is incorrect', 401);
}

async function authenticateApiToken(db: Queryable, token: string): Promise<Caller> {
  const found = await userByApiToken(db, apiTokenHash(token));
  if (!found) throw tokenUnauthorized();
  if (found.expired) throw tokenExpired();
  return { ...found.user, expires_at: found.expires_at };
}
