import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { version as onnxruntimeVersion } from 'onnxruntime-node/package.json';
import { publishTree } from '../../src/artifacts/trees/tree';
import { messagesOf } from '../../src/database/models/messages';
import { metricsOf } from '../../src/database/runs/metrics';
import { claimStage, publishStage, type FencedStage } from '../../src/database/runs/stages';
import { summarizeStages } from '../../src/database/runs/stageSummaries';
import { TrainyardError } from '../../src/errors';
import type { ReportType, TrainingFacts } from '../../src/model-types/contract/reportType';
import { getModelType } from '../../src/model-types/registry';
import { versionsUpTo } from '../../src/model-types/stages';
import { loadRunContext, readOutputJson, type RunContext } from '../../src/training/runContext';
import type { RunHandle } from '../../workflows/types';
import type { ActivityDependencies } from '../dependencies';

/** Writes the report as JSON and as a page, and what lists show of it into the run. */
export async function report(
  deps: ActivityDependencies,
  handle: RunHandle,
): Promise<{ score: number | null }> {
  const context = await loadRunContext(deps.database.manager, handle.runId);
  const type = getModelType(context.model.type);
  const built = await type.report.build(await factsOf(deps, context));
  const stage = { runId: handle.runId, stage: 'report' };
  const versions = versionsUpTo(type);
  const claim = await deps.database.transaction((tx) => claimStage(tx, stage, versions));
  if (!claim.output) {
    await publishReport(deps, { ...stage, fence: claim.fence }, type.report, built);
  }
  const summary = type.report.summarize(built);
  await deps.database.query('UPDATE run SET summary = $2 WHERE id = $1', [
    handle.runId,
    JSON.stringify(summary),
  ]);
  return { score: summary.score };
}

async function factsOf(deps: ActivityDependencies, context: RunContext): Promise<TrainingFacts> {
  const { run, model, stages } = context;
  const db = deps.database.manager;
  const warnings = (await messagesOf(db, model.id, 'train')).filter(
    (message) => message.level === 'warning',
  );
  return {
    model: { id: model.id, name: model.name, type: model.type, baseModelId: model.base_model_id },
    run: { id: run.id, startedAt: run.started_at, options: run.options },
    stages: summarizeStages([...stages.values()])
      .filter(({ stage }) => stage !== 'report')
      .map(({ stage, seconds, cache, attempts }) => ({ stage, seconds, cache, attempts })),
    warnings: warnings.map(({ text }) => parseMessage(text)),
    metrics: await metricsOf(db, run.id),
    onnxruntimeVersion,
    read: (stage, path) => readOutputJson(deps.store, context, stage, path),
  };
}

/** Messages are kept as people read them: `the reason [its_code]`. */
function parseMessage(text: string): { code: string; message: string } {
  const match = /^(.*) \[(\w+)\]$/s.exec(text);
  return match ? { code: match[2]!, message: match[1]! } : { code: 'note', message: text };
}

async function publishReport(
  deps: ActivityDependencies,
  stage: FencedStage,
  type: ReportType,
  built: object,
): Promise<void> {
  const folder = await mkdtemp(join(deps.workFolder, 'report-'));
  try {
    await writeFile(join(folder, 'report.json'), JSON.stringify(built));
    await writeFile(join(folder, 'report.html'), await type.renderHtml(built));
    const output = await publishTree(
      deps.store,
      `runs/${stage.runId}/report/${stage.fence}/`,
      folder,
    );
    if (await publishStage(deps.database.manager, stage, output, null)) return;
    throw new TrainyardError('infrastructure', 'fenced', 'a newer attempt writes the report');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
