import { z } from 'zod';
import { requestCancel, runOfModel } from '../../../../src/database/runs/runs';
import { statuses } from '../../../../src/database/models/status';
import { cancelWorkflow } from '../../../../src/training/cancelTraining';
import { retryTraining } from '../../../../src/training/retryTraining';
import { startModelTraining } from '../../../../src/training/startTraining';
import { requireTrainingQuota } from '../../../../src/training/trainingQuota';
import { access } from '../../../core/access';
import { route } from '../../../core/route';
import { TrainyardError } from '../../../../src/errors';
import { requireDiskSpace } from '../common/diskSpace';

const cancelReply = z.object({ status: z.enum(statuses) });

const retryReply = z.object({
  stages: z.array(
    z.object({
      stage: z.string(),
      reuse: z.enum(['all', 'from checkpoint', 'none']),
      checkpoint_step: z.number().nullable(),
    }),
  ),
});

export const controlRoutes = [
  route({
    method: 'post',
    path: '/train/:model_id/cancel',
    summary: 'Stop a training; what it has made stays for a retry',
    description:
      'The status becomes `stopped` once every process has ended. Harmless when repeated.',
    policy: access.model('owner'),
    response: cancelReply,
    handler: async ({ deps, model }) => {
      const run = await runOfModel(deps.database.manager, model.id);
      if (!run || !(await requestCancel(deps.database.manager, run.id))) {
        throw new TrainyardError(
          'config',
          'not_running',
          `the training is ${model.train_status}: only one that is not_started, starting or in_progress can be cancelled`,
        );
      }
      await cancelWorkflow(deps.temporal, run);
      return { status: model.train_status };
    },
  }),
  route({
    method: 'post',
    path: '/train/:model_id/retry',
    summary: 'Go on with a failed or stopped training',
    description:
      'Keeps what the stages have published and goes on from the last checkpoint; the reply says which.',
    policy: access.model('owner'),
    before: [requireDiskSpace],
    response: retryReply,
    handler: async ({ deps, model, transaction, log }) => {
      const reply = await transaction(async (tx) => {
        await requireTrainingQuota(tx, model.owner_id, deps.config.quotas.trainings);
        return retryTraining(tx, model.id);
      });
      await startModelTraining(deps, model.id).catch((error: unknown) => {
        log.warn({ err: error, model_id: model.id }, 'the workflow will be started later');
      });
      return reply;
    },
  }),
];
