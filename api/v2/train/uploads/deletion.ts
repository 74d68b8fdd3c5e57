import {
  deleteUploadRow,
  lockUpload,
  openTrainingsOn,
  type OpenTraining,
} from '../../../../src/database/uploads/uploadDeletion';
import type { Queryable } from '../../../../src/database/database';
import { TrainyardError } from '../../../../src/errors';
import { access } from '../../../core/access';
import { nothing } from '../../../core/fields';
import { route } from '../../../core/route';
import { deleteObjects } from '../../deleteObjects';
import { requireOwnUpload, uploadNotFound } from './ownUpload';

/** Trainings that a refusal names. */
const mostNamed = 10;

export const deletionRoutes = [
  route({
    method: 'delete',
    path: '/train/uploads/:upload_id',
    summary: 'Delete an upload',
    description:
      '409 with their names while trainings that read it wait or run. Finished trainings keep their models and reports; what of them must read the files again (a retry that has not got past `extract`, `trainyard verify`) fails.',
    policy: access.user,
    refuses: [403],
    response: nothing,
    handler: async ({ deps, user, params, transaction, log }) => {
      const id = params.upload_id;
      await requireOwnUpload(deps.database, user, id);
      await transaction((tx) => deleteUpload(tx, id));
      await deleteObjects(deps.store, [`uploads/${id}/`], log);
      return {};
    },
  }),
];

async function deleteUpload(tx: Queryable, id: string): Promise<void> {
  if (!(await lockUpload(tx, id))) throw uploadNotFound(id);
  const open = await openTrainingsOn(tx, id);
  if (open.length > 0) throw inUse(id, open);
  await deleteUploadRow(tx, id);
}

function inUse(id: string, trainings: readonly OpenTraining[]): TrainyardError {
  const names = trainings.slice(0, mostNamed).map(({ name, model_id }) => `${name} (${model_id})`);
  const more = trainings.length - names.length;
  if (more > 0) names.push(`${more} more`);
  return new TrainyardError(
    'config',
    'upload_in_use',
    `upload ${id} cannot be deleted, trainings that are not over read it: ${names.join(', ')}. Wait until they have ended, or cancel them`,
    409,
  );
}
