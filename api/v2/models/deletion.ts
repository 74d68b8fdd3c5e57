import { cancelWorkflow } from '../../../src/training/cancelTraining';
import { access } from '../../core/access';
import { nothing } from '../../core/fields';
import { route } from '../../core/route';
import { deleteObjects } from '../deleteObjects';
import { deleteModel } from './deleteModel';

export const deletionRoutes = [
  route({
    method: 'delete',
    path: '/model/:model_id',
    summary: 'Delete a model and all that belongs to it',
    description:
      'Stops its training and its deployment. 422 while an unfinished model is being trained from it.',
    policy: access.model('owner'),
    response: nothing,
    handler: async ({ deps, model, user, transaction, log }) => {
      const { runs, prefixes } = await transaction((tx) => deleteModel(tx, model.id, user.id));
      for (const run of runs) {
        // Its attempts end by themselves too, since their rows are gone.
        await cancelWorkflow(deps.temporal, run).catch((error: unknown) => {
          log.warn(
            { error, model_id: model.id },
            'the workflow of a deleted model is not cancelled',
          );
        });
      }
      await deleteObjects(deps.store, prefixes, log);
      return {};
    },
  }),
];
