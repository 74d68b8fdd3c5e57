import { z } from 'zod';
import { firstRow, type Queryable } from '../../../src/database/database';
import { announce } from '../../../src/database/models/deployments';
import { addMessage } from '../../../src/database/models/messages';
import { reportStatus, statuses, type Status } from '../../../src/database/models/status';
import { modelNotFound } from '../../../src/auth/policies';
import { TrainyardError } from '../../../src/errors';
import { access } from '../../core/access';
import { nothing } from '../../core/fields';
import { route } from '../../core/route';
import { deployStatusReply, presentDeployStatus } from './presenter';

/** For jobs outside the platform that report about a deployment with the model's job token. */
export const jobRoutes = [
  route({
    method: 'post',
    path: '/deploy/update-status',
    summary: 'Report the status of a deployment from outside',
    policy: access.job,
    body: z.object({ status: z.string().default('') }),
    response: nothing,
    handler: async ({ job, body, transaction }) => {
      const status = checkStatus(body.status);
      await transaction(async (tx) => {
        const reported = await reportStatus(tx, job.model_id, 'deploy', status);
        if (!reported) throw modelNotFound(job.model_id);
        await announce(tx, job.model_id);
      });
      return {};
    },
  }),
  route({
    method: ['get', 'post'],
    path: '/deploy/log',
    summary: 'Add a warning or an error to a deployment from outside',
    policy: access.job,
    body: z.object({ level: z.string().default(''), message: z.string().default('') }),
    response: nothing,
    handler: async ({ job, body, transaction }) => {
      const { level, message } = body;
      if (level !== 'warning' && level !== 'error') {
        throw new TrainyardError(
          'config',
          'invalid_level',
          `invalid log level ${JSON.stringify(level)}, allowed are warning and error`,
        );
      }
      await transaction(async (tx) => {
        await deployStatusOf(tx, job.model_id);
        await addMessage(tx, job.model_id, 'deploy', level, message, null);
      });
      return {};
    },
  }),
  route({
    method: 'get',
    path: '/deploy/status-internal',
    summary: 'Status of the deployment that a job token is for',
    policy: access.job,
    response: deployStatusReply,
    handler: ({ deps, job }) => internalStatus(deps.database.manager, job.model_id),
  }),
  route({
    method: 'get',
    path: '/deploy/:model_id/status-internal',
    summary: 'Status of a deployment, for a job token of the same model',
    policy: access.job,
    response: deployStatusReply,
    handler: ({ deps, job, params }) => {
      if (params.model_id.toLowerCase() !== job.model_id) {
        throw new TrainyardError(
          'config',
          'other_model',
          `this job token is for model ${job.model_id}, not for ${params.model_id}`,
          403,
        );
      }
      return internalStatus(deps.database.manager, job.model_id);
    },
  }),
];

async function internalStatus(db: Queryable, modelId: string) {
  return presentDeployStatus(db, modelId, await deployStatusOf(db, modelId));
}

async function deployStatusOf(db: Queryable, modelId: string): Promise<Status> {
  const model = await firstRow<{ deploy_status: Status }>(
    db,
    'SELECT deploy_status FROM model WHERE id = $1',
    [modelId],
  );
  if (!model) throw modelNotFound(modelId);
  return model.deploy_status;
}

function checkStatus(value: string): Status {
  const status = statuses.find((known) => known === value);
  if (status) return status;
  throw new TrainyardError(
    'config',
    'invalid_status',
    `invalid status ${JSON.stringify(value)}, allowed are ${statuses.join(', ')}`,
  );
}
