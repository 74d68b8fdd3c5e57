import { z } from 'zod';
import { logsOf } from '../../../../src/database/runs/logs';
import { messagesOf } from '../../../../src/database/models/messages';
import { runOfModel } from '../../../../src/database/runs/runs';
import { statuses } from '../../../../src/database/models/status';
import { TrainyardError } from '../../../../src/errors';
import { textWithoutQuotes } from '../../../../src/data/quotedData';
import { access } from '../../../core/access';
import { route } from '../../../core/route';
import { maySeeTexts } from '../../../core/trainingTexts';

/** As many characters of each stream as clients of the Model Bazaar API get. */
const logLength = 5000;

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
    handler: async ({ deps, user, model }) => {
      const messages = await messagesOf(deps.database.manager, model.id, 'train');
      const shown = maySeeTexts(deps, user, model) ? String : textWithoutQuotes;
      const texts = (level: string) =>
        messages.filter((message) => message.level === level).map(({ text }) => shown(text));
      return { status: model.train_status, errors: texts('error'), warnings: texts('warning') };
    },
  }),
  route({
    method: 'get',
    path: '/train/:model_id/logs',
    summary: 'What the processes of a training printed, one entry per attempt',
    description: `The last ${logLength} characters of each stream, oldest attempt first. As logs quote training data, 403 for who may not see it: write permission, or as the operator decided.`,
    policy: access.model('read'),
    response: logsReply,
    handler: async ({ deps, user, model }) => {
      if (!maySeeTexts(deps, user, model)) throw logsWithheld(deps.config.examplesNeed);
      const run = await runOfModel(deps.database.manager, model.id);
      if (!run) return [];
      return logsOf(deps.database.manager, run.id, logLength);
    },
  }),
];

function logsWithheld(need: string): TrainyardError {
  return new TrainyardError(
    'config',
    'logs_withheld',
    `logs may quote the training data: you need ${need} permission on the model to see them. Its report and status show the rest`,
    403,
  );
}
