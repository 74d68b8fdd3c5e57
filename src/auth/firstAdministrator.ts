import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { deleteSetting, lockSetting, putSetting, setting } from '../database/settings';
import type { Database, Queryable } from '../database/database';
import { anyAdministrator, isAdministratorCalled } from '../database/accounts/users';
import { TrainyardError } from '../errors';
import { displayName } from '../identity/displayName';
import { addAccount, prepareAccount, type NewAccount } from './accounts';

const key = 'first_administrator_token';

/**
 * Sees to it that somebody can administrate: makes the administrator that the operator named, unless
 * there is one of that name and address; without one named, and without any, opens a sign-up that
 * works once.
 * @returns the one-time token of the sign-up at `/api/v2/setup?token=…`; undefined when not needed.
 *   Each call replaces the token of the call before.
 */
export async function ensureFirstAdministrator(
  database: Database,
  given: Omit<NewAccount, 'is_admin'> | undefined,
): Promise<string | undefined> {
  const named = given && { ...given, username: displayName('username', given.username, 50) };
  const missing = (db: Queryable): Promise<boolean> =>
    named
      ? isAdministratorCalled(db, named.username, named.email).then((there) => !there)
      : Promise.resolve(false);
  const prepared =
    named && (await missing(database))
      ? await prepareAccount({ ...named, is_admin: true })
      : undefined;
  return database.transaction(async (tx) => {
    // Processes that start at once come one after the other.
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [key]);
    if (prepared && (await missing(tx))) await addAccount(tx, prepared);
    if (await anyAdministrator(tx)) {
      await deleteSetting(tx, key);
      return undefined;
    }
    const token = randomBytes(32).toString('base64url');
    await putSetting(tx, key, hashOf(token).toString('hex'));
    return token;
  });
}

/**
 * Makes the first administrator for who holds the one-time token, which is used up.
 * @returns the user's id
 * @throws TrainyardError 403 for a token that is not the one, before anything else is looked at
 */
export async function redeemFirstAdministrator(
  database: Database,
  token: string,
  account: Omit<NewAccount, 'is_admin'>,
): Promise<string> {
  requireToken(await setting(database, key), token);
  const prepared = await prepareAccount({ ...account, is_admin: true });
  return database.transaction(async (tx) => {
    // The lock lets the second of two who come at once find the token used up.
    requireToken(await lockSetting(tx, key), token);
    if (await anyAdministrator(tx)) throw closed();
    const id = await addAccount(tx, prepared);
    await deleteSetting(tx, key);
    return id;
  });
}

function requireToken(kept: string | undefined, token: string): void {
  if (kept === undefined) throw closed();
  if (!timingSafeEqual(Buffer.from(kept, 'hex'), hashOf(token))) throw closed();
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function closed(): TrainyardError {
  return new TrainyardError(
    'config',
    'sign_up_closed',
    'this sign-up link is not valid (any more): there is an administrator already, or a newer link was printed at the last start',
    403,
  );
}
