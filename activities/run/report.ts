import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { version as onnxruntimeVersion } from 'onnxruntime-node/package.json';
import { publishTree, readTreeFile } from '../../src/artifacts/trees/tree';
import { metricsOf } from '../../src/database/runs/metrics';
import { messagesOf } from '../../src/database/models/messages';
import { claimStage, publishStage, type FencedStage } from '../../src/database/runs/stages';
import { summarizeStages } from '../../src/database/runs/stageSummaries';
import { TrainyardError } from '../../src/errors';
import { getModelType } from '../../src/model-types/registry';
import { versionsUpTo } from '../../src/model-types/versionsUpTo';
import type { BundleManifest } from '../../src/model-types/nlp-text/bundle/bundleManifest';
import type { Evaluation } from '../../src/model-types/nlp-text/evaluate/evaluation';
import type { ExtractSummary } from '../../src/rows/extractFiles';
import {
  buildReport,
  renderReportHtml,
  type TrainReport,
} from '../../src/model-types/nlp-text/report';
import type { RunHandle, StageName } from '../../workflows/types';
import type { ActivityDependencies } from '../dependencies';
import { loadRunContext, outputOf, type RunContext } from '../runContext';

/** Writes the report as JSON and as a page, and what lists show of it into the run. */
export async function report(
  deps: ActivityDependencies,
  handle: RunHandle,
): Promise<{ score: number | null }> {
  const context = await loadRunContext(deps.database.manager, handle.runId);
  const built = await assemble(deps, context);
  const score = built.head === 'softmax' ? built.scores.accuracy : built.scores.micro_f1;
  const versions = versionsUpTo(getModelType(context.model.type));
  const stage = { runId: handle.runId, stage: 'report' };
  const claim = await deps.database.transaction((tx) => claimStage(tx, stage, versions));
  if (!claim.output) await publishReport(deps, { ...stage, fence: claim.fence }, built);
  const summary = {
    score,
    parameters: built.model.parameters,
    model_bytes: built.model.bytes,
    latency_seconds: built.latency_seconds,
  };
  await deps.database.query('UPDATE run SET summary = $2 WHERE id = $1', [
    handle.runId,
    JSON.stringify(summary),
  ]);
  return { score };
}

async function assemble(deps: ActivityDependencies, context: RunContext): Promise<TrainReport> {
  const { run, model, stages } = context;
  const read = async <T>(stage: StageName, path: string): Promise<T> => {
    const content = await readTreeFile(deps.store, outputOf(context, stage), path);
    if (content) return JSON.parse(content.toString('utf8')) as T;
    throw new TrainyardError('bug', 'file_missing', `the ${stage} stage left no ${path}`);
  };
  const db = deps.database.manager;
  const warnings = (await messagesOf(db, model.id, 'train')).filter(
    (message) => message.level === 'warning',
  );
  return buildReport({
    model: { id: model.id, name: model.name, type: model.type, baseModelId: model.base_model_id },
    run: { id: run.id, startedAt: run.started_at, options: run.options },
    stages: summarizeStages([...stages.values()])
      .filter(({ stage }) => stage !== 'report')
      .map(({ stage, seconds, cache, attempts }) => ({ stage, seconds, cache, attempts })),
    warnings: warnings.map(({ text }) => parseMessage(text)),
    metrics: await metricsOf(db, run.id),
    extract: await read<ExtractSummary>('extract', 'extract.json'),
    training: await read<unknown>('train', 'train.json'),
    evaluation: await read<Evaluation>('evaluate', 'evaluation.json'),
    manifest: await read<BundleManifest>('train', 'model/manifest.json'),
    onnxruntimeVersion,
  });
}

/** Messages are kept as people read them: `the reason [its_code]`. */
function parseMessage(text: string): { code: string; message: string } {
  const match = /^(.*) \[(\w+)\]$/s.exec(text);
  return match ? { code: match[2]!, message: match[1]! } : { code: 'note', message: text };
}

async function publishReport(
  deps: ActivityDependencies,
  stage: FencedStage,
  built: TrainReport,
): Promise<void> {
  const folder = await mkdtemp(join(deps.workFolder, 'report-'));
  try {
    await writeFile(join(folder, 'report.json'), JSON.stringify(built));
    await writeFile(join(folder, 'report.html'), renderReportHtml(built));
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
