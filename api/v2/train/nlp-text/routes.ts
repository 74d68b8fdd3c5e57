import type { Queryable } from '../../../../src/database/database';
import { allEncoders } from '../../../../src/database/models/encoders';
import { createTraining } from '../../../../src/training/createTraining';
import { startModelTraining } from '../../../../src/training/startTraining';
import { requireTrainingQuota } from '../../../../src/training/trainingQuota';
import { Turns } from '../../../../src/support/turns';
import { access } from '../../../core/access';
import { route } from '../../../core/route';
import { requireDiskSpace } from '../diskSpace';
import { checkUploads, placesOf } from '../sources';
import { planNlpText } from './plan';
import { modelIdReply, nlpTextBody } from './schema';

/**
 * Trainings of one user are counted one after the other. Whoever sends a thousand at once waits for
 * them here, and not with all connections to the database.
 */
const turns = new Turns();

export const nlpTextRoutes = [
  route({
    method: 'post',
    path: '/train/nlp-text',
    summary: 'Train a text or document classifier',
    policy: access.user,
    before: [requireDiskSpace],
    refuses: [403],
    idempotent: true,
    body: nlpTextBody,
    response: modelIdReply,
    handler: async ({ deps, user, body, transaction, log }) => {
      const named = body.model_options?.encoder !== undefined;
      const encoders = named ? await allEncoders(deps.database.manager) : [];
      const places = await placesOf(deps.database.manager, user, deps.config);
      const plan = planNlpText(body, places, encoders);
      await checkUploads(deps.database.manager, user, plan.data.sources);
      const create = async (tx: Queryable) => {
        await requireTrainingQuota(tx, user.id, deps.config.quotas.trainings);
        return { model_id: await createTraining(tx, user, plan) };
      };
      const reply = await turns.take(user.id, () => transaction(create));
      await startModelTraining(deps, reply.model_id).catch((error: unknown) => {
        // The row is there: a worker starts it as soon as Temporal answers again.
        log.warn({ err: error, model_id: reply.model_id }, 'the workflow will be started later');
      });
      return reply;
    },
  }),
];
