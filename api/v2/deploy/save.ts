import { z } from 'zod';
import { finishSaving, saveModel } from '../../../src/serving/saveModel';
import { access } from '../../core/access';
import { text } from '../../core/fields';
import { route } from '../../core/route';

/** Lives as long as the original's. */
const updateTokenSeconds = 60 * 60;

export const saveRoutes = [
  route({
    method: 'post',
    path: '/deploy/:model_id/save',
    summary: 'Save a trained model as a model of your own',
    description:
      'Copies the model; what is done to the old one does not touch the new one. Its status is `in_progress` for a moment, then `complete`. The `update_token` is a job token of the new model, good for an hour.',
    policy: access.model('read'),
    body: z.object({
      model_name: text(100).meta({ description: 'Unique among your models.' }),
    }),
    response: z.object({ model_id: z.uuid(), update_token: z.string() }),
    handler: async ({ deps, model, user, body, log }) => {
      const { database, store, tokens } = deps;
      const id = await saveModel(database, store, { user, model, name: body.model_name });
      setImmediate(() => {
        finishSaving(database, id).catch((error: unknown) => {
          log.error({ error, model_id: id }, 'a saved model is left in_progress');
        });
      });
      return { model_id: id, update_token: tokens.signJob({ model_id: id }, updateTokenSeconds) };
    },
  }),
];
