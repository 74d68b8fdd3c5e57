import { z } from 'zod';
import { logsOf } from '../../../../src/database/logs';
import { messagesOf } from '../../../../src/database/messages';
import { runOfModel } from '../../../../src/database/runs';
import { statuses } from '../../../../src/database/status';
import { access } from '../../../core/access';
import { route } from '../../../core/route';

/** As many characters of each stream as clients of the Model Bazaar API get. */
const LOG_LENGTH = 5000;

const statusReply = z.object({
  status: z.enum(statuses),
  errors: z.array(z.string()),
  warnings: z.array(z.string()),
});

const logsReply = z.array(
  z.object({
    stdout: z.string(),
    stderr: z.string(),
    stage: z.string().meta({ description: 'Which stage printed it.' }),
    attempt: z.int().meta({ description: 'Which attempt at that stage, from 1.' }),
  }),
);

export const observeRoutes = [
  route({
    method: 'get',
    path: '/train/:model_id/status',
    summary: 'Status of a training, with its errors and warnings',
    policy: access.model('read'),
    response: statusReply,
    handler: async ({ deps, model }) => {
      const messages = await messagesOf(deps.database.manager, model.id, 'train');
      const texts = (level: string) =>
        messages.filter((message) => message.level === level).map((message) => message.text);
      return { status: model.train_status, errors: texts('error'), warnings: texts('warning') };
    },
  }),
  route({
    method: 'get',
    path: '/train/:model_id/logs',
    summary: 'What the processes of a training printed, one entry per attempt',
    description: `The last ${LOG_LENGTH} characters of each stream, oldest attempt first.`,
    policy: access.model('read'),
    response: logsReply,
    handler: async ({ deps, model }) => {
      const run = await runOfModel(deps.database.manager, model.id);
      if (!run) return [];
      return logsOf(deps.database.manager, run.id, LOG_LENGTH);
    },
  }),
];
