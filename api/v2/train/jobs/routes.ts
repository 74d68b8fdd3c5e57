import { z } from 'zod';
import { addMessage } from '../../../../src/database/models/messages';
import { firstRow } from '../../../../src/database/database';
import { reportStatus, statuses, type Status } from '../../../../src/database/models/status';
import { TrainyardError } from '../../../../src/errors';
import { access } from '../../../core/access';
import { nothing } from '../../../core/fields';
import { route } from '../../../core/route';

const statusBody = z.object({
  status: z.string().default(''),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

const logBody = z.object({ level: z.string().default(''), message: z.string().default('') });

/** For jobs outside the platform that report about a model with its job token. */
export const jobRoutes = [
  route({
    method: 'post',
    path: '/train/update-status',
    summary: 'Report the status of a training from outside',
    description: 'Refused with 409 while a workflow of the platform owns the training.',
    policy: access.job,
    body: statusBody,
    response: nothing,
    handler: async ({ job, body, transaction }) => {
      if (!isStatus(body.status)) {
        throw new TrainyardError(
          'config',
          'invalid_status',
          `invalid status "${body.status}", allowed are ${statuses.join(', ')}`,
        );
      }
      const status = body.status;
      await transaction(async (tx) => {
        const open = await firstRow(
          tx,
          `SELECT 1 FROM run WHERE model_id = $1 AND ended_at IS NULL FOR UPDATE`,
          [job.model_id],
        );
        if (open) {
          throw new TrainyardError(
            'config',
            'workflow_owns_run',
            'a running workflow writes the status of this training: wait until it has ended, or cancel it',
            409,
          );
        }
        if (!(await reportStatus(tx, job.model_id, 'train', status))) throw modelGone(job.model_id);
        if (Object.keys(body.metadata ?? {}).length === 0) return;
        await tx.query(
          `UPDATE model SET attributes = attributes || jsonb_build_object('metadata', $2::text) WHERE id = $1`,
          [job.model_id, JSON.stringify(body.metadata)],
        );
      });
      return {};
    },
  }),
  route({
    method: ['get', 'post'],
    path: '/train/log',
    summary: 'Add a warning or an error to a training from outside',
    policy: access.job,
    body: logBody,
    response: nothing,
    handler: async ({ job, body, transaction }) => {
      if (body.level !== 'warning' && body.level !== 'error') {
        throw new TrainyardError(
          'config',
          'invalid_level',
          `invalid log level "${body.level}", allowed are warning and error`,
        );
      }
      const { level, message } = body;
      await transaction(async (tx) => {
        const model = await firstRow(tx, 'SELECT 1 FROM model WHERE id = $1', [job.model_id]);
        if (!model) throw modelGone(job.model_id);
        await addMessage(tx, job.model_id, 'train', level, message, null);
      });
      return {};
    },
  }),
];

function isStatus(value: string): value is Status {
  return (statuses as readonly string[]).includes(value);
}

function modelGone(modelId: string): TrainyardError {
  return new TrainyardError('config', 'model_not_found', `model ${modelId} does not exist`, 404);
}
