import { z } from 'zod';
import { metricsOf } from '../../../../src/database/runs/metrics';
import { placeInLine } from '../../../../src/database/runs/placeInLine';
import { runOfModel } from '../../../../src/database/runs/runs';
import { stagesOf } from '../../../../src/database/runs/stages';
import type { Status } from '../../../../src/database/models/status';
import { summarizeStages } from '../../../../src/database/runs/stageSummaries';
import { queryWorkflow } from '../../../../src/training/queryWorkflow';
import { access } from '../../../core/access';
import { route } from '../../../core/route';

const stage = z.object({
  stage: z.string(),
  state: z.enum(['running', 'published']),
  attempts: z.int(),
  cache: z.string().nullable().meta({ description: '`hit`, `made` or `off`, once published.' }),
  checkpoint_step: z.number().nullable(),
  seconds: z.number().nullable().meta({ description: 'From first attempt to publication.' }),
  shards: z
    .object({ begun: z.int(), published: z.int() })
    .optional()
    .meta({ description: 'Of a stage that is worked on in shards.' }),
});

const progressReply = z.object({
  status: z.string(),
  stage: z.string().nullable(),
  progress: z.record(z.string(), z.unknown()).nullable(),
  stages: z.array(stage),
  metrics: z.record(z.string(), z.array(z.tuple([z.number(), z.number()]))),
  waiting_before: z
    .int()
    .optional()
    .meta({ description: 'While no worker has begun: how many trainings come first.' }),
  source: z
    .enum(['workflow', 'database'])
    .meta({ description: 'Who answered; the database when no worker did within 250 ms.' }),
});

export const progressRoutes = [
  route({
    method: 'get',
    path: '/train/:model_id/progress',
    summary: 'Where a training stands: stage, progress, metric histories',
    policy: access.model('read'),
    response: progressReply,
    handler: async ({ deps, model }) => {
      const db = deps.database.manager;
      const run = await runOfModel(db, model.id);
      const stages = summarizeStages(run ? await stagesOf(db, run.id) : []);
      const live =
        run && run.ended_at === null ? await queryWorkflow(deps.temporal, run) : undefined;
      const running = stages.findLast(({ state }) => state === 'running')?.stage ?? null;
      return {
        // The row is the truth; the workflow may know the stage a moment earlier.
        status: model.train_status,
        stage: live?.stage ?? (run?.ended_at === null ? running : null),
        progress: run?.progress ?? null,
        stages,
        metrics: run ? histories(await metricsOf(db, run.id)) : {},
        ...(run &&
          isWaiting(model.train_status) && { waiting_before: await placeInLine(db, run.id) }),
        source: live ? ('workflow' as const) : ('database' as const),
      };
    },
  }),
];

function isWaiting(status: Status): boolean {
  return status === 'not_started' || status === 'starting';
}

function histories(values: { name: string; step: number; value: number }[]) {
  const byName: Record<string, [number, number][]> = {};
  for (const { name, step, value } of values) (byName[name] ??= []).push([step, value]);
  return byName;
}
