import { z } from 'zod';
import { readTreeFile } from '../../../../src/artifacts/trees/tree';
import type { Caller } from '../../../../src/auth/authenticate';
import type { ModelAccess } from '../../../../src/database/models/models';
import { runOfModel } from '../../../../src/database/runs/runs';
import { stagesOf } from '../../../../src/database/runs/stages';
import { TrainyardError } from '../../../../src/errors';
import { getModelType } from '../../../../src/model-types/registry';
import { access } from '../../../core/access';
import { media, Streamed } from '../../../core/reply';
import { route } from '../../../core/route';
import { maySeeTexts } from '../../../core/trainingTexts';
import type { ApiDependencies } from '../../../dependencies';

/** Stricter than other pages: nothing may be sent from it either. */
const reportPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const withheldNote =
  'Texts of the training data are shown to those with write permission, or as the operator decided; `examples` says `shown` or `withheld`.';

export const reportRoutes = [
  route({
    method: 'get',
    path: '/train/:model_id/report',
    summary: 'The report of a complete training, as JSON',
    description: withheldNote,
    policy: access.model('read'),
    response: z.record(z.string(), z.unknown()),
    handler: async ({ deps, user, model }) => ({ ...(await reportFor(deps, user, model)) }),
  }),
  route({
    method: 'get',
    path: '/train/:model_id/report.html',
    summary: 'The report of a complete training, as one page without script',
    description: withheldNote,
    policy: access.model('read'),
    response: media('text/html', 'A self-contained page.'),
    handler: async ({ deps, user, model }) => {
      const page = maySeeTexts(deps, user, model)
        ? await reportFile(deps, model, 'report.html')
        : Buffer.from(
            await getModelType(model.type).report.renderHtml(await reportFor(deps, user, model)),
          );
      return new Streamed('text/html; charset=utf-8', page, {
        'Content-Security-Policy': reportPolicy,
      });
    },
  }),
];

/** The report as the caller may see it. */
async function reportFor(deps: ApiDependencies, user: Caller, model: ModelAccess): Promise<object> {
  const content = await reportFile(deps, model, 'report.json');
  const report = JSON.parse(content.toString('utf8')) as object;
  return maySeeTexts(deps, user, model)
    ? report
    : getModelType(model.type).report.withholdTexts(report);
}

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
