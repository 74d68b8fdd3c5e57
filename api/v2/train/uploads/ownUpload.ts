import { authorizeUpload } from '../../../../src/auth/policies';
import type { Queryable } from '../../../../src/database/database';
import { ownersOfUploads } from '../../../../src/database/uploads/uploads';
import type { User } from '../../../../src/database/accounts/users';
import { TrainyardError } from '../../../../src/errors';

/**
 * Passes who sent an upload, and administrators, who may look at it and delete it though not train on it.
 * @throws TrainyardError 404, 403
 */
export async function requireOwnUpload(db: Queryable, user: User, id: string): Promise<void> {
  const owner = (await ownersOfUploads(db, [id])).get(id);
  if (owner === undefined) throw uploadNotFound(id);
  if (!user.is_admin) authorizeUpload(user, { id, user_id: owner });
}

export function uploadNotFound(id: string): TrainyardError {
  return new TrainyardError('config', 'upload_not_found', `upload ${id} does not exist`, 404);
}
