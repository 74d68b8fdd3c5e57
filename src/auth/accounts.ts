import { randomUUID } from 'node:crypto';
import { brokenUnique } from '../database/constraints';
import type { Queryable } from '../database/database';
import { insertUser } from '../database/users';
import { TrainyardError } from '../errors';
import { hashPassword } from './passwords';

export interface NewAccount {
  username: string;
  email: string;
  password: string;
  is_admin: boolean;
}

/**
 * Adds a user.
 * @returns the user's id
 * @throws TrainyardError 409 when the username or the e-mail address is taken
 */
export async function createAccount(db: Queryable, account: NewAccount): Promise<string> {
  const { username, email, password, is_admin } = account;
  const id = randomUUID();
  const password_hash = await hashPassword(password);
  try {
    await insertUser(db, { id, username, email, password_hash, is_admin });
  } catch (error) {
    throw taken(brokenUnique(error), account) ?? error;
  }
  return id;
}

function taken(constraint: string | undefined, account: NewAccount): TrainyardError | undefined {
  if (constraint === 'app_user_username_unique') {
    const message = `username ${account.username} is already in use`;
    return new TrainyardError('config', 'username_taken', message, 409);
  }
  if (constraint === 'app_user_email_unique') {
    const message = `email ${account.email} is already in use`;
    return new TrainyardError('config', 'email_taken', message, 409);
  }
  return undefined;
}
