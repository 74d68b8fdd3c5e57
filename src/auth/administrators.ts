import type { Queryable } from '../database/database';
import { lockAdministrators, setAdministrator, userById } from '../database/accounts/users';
import { TrainyardError } from '../errors';
import { lastAdministrator, userNotFound } from './deleteAccount';

export async function promote(db: Queryable, id: string): Promise<void> {
  if (!(await setAdministrator(db, id, true))) throw userNotFound(id);
}

/** @throws TrainyardError 404, or 422 for who is no administrator or the last one */
export async function demote(tx: Queryable, id: string): Promise<void> {
  const administrators = await lockAdministrators(tx);
  if (!(await userById(tx, id))) throw userNotFound(id);
  if (!administrators.some((administrator) => administrator.id === id)) {
    const message = `user ${id} is not an administrator`;
    throw new TrainyardError('config', 'not_an_administrator', message);
  }
  if (administrators.length === 1) throw lastAdministrator('demoted');
  await setAdministrator(tx, id, false);
}
