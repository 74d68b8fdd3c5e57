import { randomUUID } from 'node:crypto';
import { violatedConstraint } from '../database/constraints';
import type { Queryable } from '../database/database';
import { insertUser } from '../database/accounts/users';
import { TrainyardError } from '../errors';
import { displayName } from '../identity/displayName';
import { emailAddress } from '../identity/emailAddress';
import { checkNewPassword } from './passwordRules';
import { hashPassword } from './passwords';

export interface NewAccount {
  username: string;
  email: string;
  password: string;
  is_admin: boolean;
}

/** An account as it is kept: checked, in one spelling, with a hash in place of the password. */
export type PreparedAccount = Omit<NewAccount, 'password'> & { password_hash: string };

export interface AccountOptions {
  /** Characters that the password has at least. @default 8 */
  shortestPassword?: number;
  /** Who takes turns with others where passwords are hashed: the client's address. */
  asker?: string;
}

/**
 * Checks an account and hashes its password; not within a transaction, see `hashPassword`.
 * @throws TrainyardError 422 for a name, an address or a password that cannot be
 */
export async function prepareAccount(
  { username, email, password, is_admin }: NewAccount,
  { shortestPassword, asker }: AccountOptions = {},
): Promise<PreparedAccount> {
  const named = {
    username: displayName('username', username, 50),
    email: emailAddress(email),
  };
  checkNewPassword(password, named, shortestPassword);
  return { ...named, is_admin, password_hash: await hashPassword(password, asker) };
}

/**
 * Adds a user.
 * @returns the user's id
 * @throws TrainyardError 409 when the username, one that looks like it, or the e-mail address is taken
 */
export async function addAccount(db: Queryable, account: PreparedAccount): Promise<string> {
  const id = randomUUID();
  try {
    await insertUser(db, { id, ...account });
  } catch (error) {
    throw taken(violatedConstraint(error), account) ?? error;
  }
  return id;
}

/** `prepareAccount` and `addAccount` in one. */
export async function createAccount(
  db: Queryable,
  account: NewAccount,
  options: AccountOptions = {},
): Promise<string> {
  return addAccount(db, await prepareAccount(account, options));
}

function taken(
  constraint: string | undefined,
  { username, email }: PreparedAccount,
): TrainyardError | undefined {
  switch (constraint) {
    case 'app_user_username_unique':
      return conflict('username_taken', `username ${username} is already in use`);
    case 'app_user_username_folded_unique':
    case 'app_user_username_look_unique':
      return conflict(
        'username_taken',
        `username ${username} looks like one that is already in use: choose another`,
      );
    case 'app_user_email_key_unique':
      return conflict('email_taken', `email ${email} is already in use`);
    default:
      return undefined;
  }
}

function conflict(code: string, message: string): TrainyardError {
  return new TrainyardError('config', code, message, 409);
}
