import { z } from 'zod';
import type { Queryable } from '../../../../src/database/database';
import { allEncoders } from '../../../../src/database/models/encoders';
import { Turns } from '../../../../src/support/turns';
import { createTraining } from '../../../../src/training/createTraining';
import { startModelTraining } from '../../../../src/training/startTraining';
import { requireTrainingQuota } from '../../../../src/training/trainingQuota';
import { access } from '../../../core/access';
import { route } from '../../../core/route';
import { requireDiskSpace } from './diskSpace';
import { checkUploads, placesOf } from './sources';
import type { TrainingRequest } from './trainingRequest';

/**
 * Trainings of one user are counted one after the other. Whoever sends a thousand at once waits for
 * them here, and not with all connections to the database.
 */
const turns = new Turns();

/** Takes a request, and starts the workflow of the training that comes of it. */
export function trainingRoute<Body extends z.ZodType>(request: TrainingRequest<Body>) {
  return route({
    method: 'post',
    path: `/train/${request.name}`,
    summary: request.summary,
    policy: access.user,
    before: [requireDiskSpace],
    refuses: [403],
    idempotent: true,
    body: request.body,
    response: z.object({ model_id: z.uuid() }),
    handler: async ({ deps, user, body, transaction, log }) => {
      const db = deps.database.manager;
      const places = await placesOf(db, user, deps.config);
      const plan = await request.plan(body, { places, encoders: () => allEncoders(db) });
      await checkUploads(db, user, plan.data.sources);
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
  });
}
