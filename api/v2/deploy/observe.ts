import { z } from 'zod';
import { deploymentLog } from '../../../src/database/models/deploymentLog';
import { access } from '../../core/access';
import { route } from '../../core/route';
import { deployStatusReply, presentDeployStatus } from './presenter';

const logsReply = z.array(z.object({ stdout: z.string(), stderr: z.string() }));

export const observeRoutes = [
  route({
    method: 'get',
    path: '/deploy/:model_id/status',
    summary: 'Status of a deployment, with its errors and warnings',
    description: '`complete` means that the model answers.',
    policy: access.model('read'),
    response: deployStatusReply,
    handler: ({ deps, model }) =>
      presentDeployStatus(deps.database.manager, model.id, model.deploy_status),
  }),
  route({
    method: 'get',
    path: '/deploy/:model_id/logs',
    summary: 'What happened to a deployment',
    description:
      'Models share serving processes, so the log of one is its history: stdout has the changes of its status, stderr its errors; the newest 5000 characters of each.',
    policy: access.model('read'),
    response: logsReply,
    handler: ({ deps, model }) => deploymentLog(deps.database.manager, model.id),
  }),
];
