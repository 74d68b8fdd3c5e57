import { z } from 'zod';
import { readTreeFile } from '../../../../src/artifacts/tree';
import type { ModelAccess } from '../../../../src/database/models';
import { runOfModel } from '../../../../src/database/runs';
import { stagesOf } from '../../../../src/database/stages';
import { TrainyardError } from '../../../../src/errors';
import { access } from '../../../core/access';
import { media, Streamed } from '../../../core/reply';
import { route } from '../../../core/route';
import type { ApiDependencies } from '../../../dependencies';

export const reportRoutes = [
  route({
    method: 'get',
    path: '/train/:model_id/report',
    summary: 'The report of a complete training, as JSON',
    policy: access.model('read'),
    response: z.record(z.string(), z.unknown()),
    handler: async ({ deps, model }) => {
      const content = await reportFile(deps, model, 'report.json');
      return JSON.parse(content.toString('utf8')) as Record<string, unknown>;
    },
  }),
  route({
    method: 'get',
    path: '/train/:model_id/report.html',
    summary: 'The report of a complete training, as one page without script',
    policy: access.model('read'),
    response: media('text/html', 'A self-contained page.'),
    handler: async ({ deps, model }) =>
      new Streamed('text/html; charset=utf-8', await reportFile(deps, model, 'report.html')),
  }),
];

async function reportFile(
  deps: ApiDependencies,
  model: ModelAccess,
  name: string,
): Promise<Buffer> {
  if (model.train_status !== 'complete') {
    throw new TrainyardError(
      'config',
      'training_incomplete',
      `the training is ${model.train_status}, a report is there once it is complete`,
    );
  }
  const run = await runOfModel(deps.database.manager, model.id);
  const stages = run ? await stagesOf(deps.database.manager, run.id) : [];
  const output = stages.find((stage) => stage.stage === 'report')?.output;
  const content = output && (await readTreeFile(deps.store, output, name));
  if (!content) {
    throw new TrainyardError('config', 'no_report', 'no train reports found for this model');
  }
  return content;
}
