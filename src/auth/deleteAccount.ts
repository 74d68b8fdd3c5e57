import type { Queryable } from '../database/database';
import { transferModels } from '../database/models/models';
import { passReadUploadsOn } from '../database/uploads/uploadDeletion';
import {
  deleteUserRow,
  lockAdministrators,
  uploadIdsOf,
  userById,
  type User,
} from '../database/accounts/users';
import { TrainyardError } from '../errors';

/**
 * Deletes a user. Their models pass to the administrator who asks, or to another one when
 * administrators delete themselves, and with them the uploads that their unfinished trainings read.
 * @returns prefixes of the objects that nobody owns any more
 * @throws TrainyardError 404, or 422 for the last administrator
 */
export async function deleteAccount(tx: Queryable, id: string, by: User): Promise<string[]> {
  const administrators = await lockAdministrators(tx);
  if (!(await userById(tx, id))) throw userNotFound(id);
  const others = administrators.filter((administrator) => administrator.id !== id);
  const heir = others.find((administrator) => administrator.id === by.id) ?? others[0];
  if (!heir) throw lastAdministrator('deleted');
  await transferModels(tx, id, heir.id);
  await passReadUploadsOn(tx, id, heir.id);
  const uploads = await uploadIdsOf(tx, id);
  await deleteUserRow(tx, id);
  return [...uploads.map((upload) => `uploads/${upload}/`), `cache/${id}/`];
}

export function userNotFound(id: string): TrainyardError {
  return new TrainyardError('config', 'user_not_found', `user ${id} not found`, 404);
}

export function lastAdministrator(what: string): TrainyardError {
  const message = `the last administrator cannot be ${what}: make another one first`;
  return new TrainyardError('config', 'last_administrator', message, 422);
}
