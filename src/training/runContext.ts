import { firstRow, type Queryable } from '../database/database';
import type { BundleRef } from '../database/models/deployments';
import { runById, type RunRow } from '../database/runs/runs';
import { stagesOf, type StageRow } from '../database/runs/stages';
import type { ReadableStore } from '../artifacts/artifactStore';
import { readTreeFile, type TreeRef } from '../artifacts/trees/tree';
import { parseStageKey, stageKey } from '../database/runs/stageKey';
import { TrainyardError } from '../errors';
import { baseModelGone } from './baseModelGone';

interface ModelRow {
  id: string;
  name: string;
  type: string;
  owner_id: string;
  base_model_id: string | null;
  base_bundle: BundleRef | null;
}

/** All that stages read about their run. */
export interface RunContext {
  run: RunRow;
  model: ModelRow;
  stages: Map<string, StageRow>;
}

/** @throws TrainyardError `run_gone` when the model was deleted meanwhile. */
export async function loadRunContext(db: Queryable, runId: string): Promise<RunContext> {
  const run = await runById(db, runId);
  const model =
    run &&
    (await firstRow<ModelRow>(
      db,
      `SELECT model.id, model.name, model.type, model.owner_id, model.base_model_id,
         base.bundle AS base_bundle
       FROM model LEFT JOIN model base ON base.id = model.base_model_id WHERE model.id = $1`,
      [run.model_id],
    ));
  if (!run || !model) {
    throw new TrainyardError('config', 'run_gone', 'the model was deleted while it was training');
  }
  const stages = new Map((await stagesOf(db, runId)).map((stage) => [stage.stage, stage]));
  return { run, model, stages };
}

/**
 * The base model's bundle; null without a base model.
 * @throws TrainyardError `base_model_gone` when it was deleted
 */
export function baseBundleOf({ run, model }: RunContext): BundleRef | null {
  if (run.data.base_model_id && !model.base_bundle) throw baseModelGone();
  return model.base_bundle;
}

/** What an earlier stage, or one of its items, published. */
export function outputOf({ stages }: RunContext, stage: string, item?: number): TreeRef {
  const key = stageKey(stage, item);
  const output = stages.get(key)?.output;
  if (!output)
    throw new TrainyardError('bug', 'stage_missing', `the ${key} stage has not published`);
  return output;
}

/** The numbers of a stage's items that have begun, ascending. */
export function itemsOf({ stages }: RunContext, stage: string): number[] {
  const items = [...stages.keys()].map(parseStageKey).filter((key) => key.stage === stage);
  return items.flatMap(({ item }) => item ?? []).sort((a, b) => a - b);
}

/** A JSON file that a stage published. */
export async function readOutputJson<T>(
  store: ReadableStore,
  context: RunContext,
  stage: string,
  path: string,
  item?: number,
): Promise<T> {
  const content = await readTreeFile(store, outputOf(context, stage, item), path);
  if (content) return JSON.parse(content.toString('utf8')) as T;
  throw new TrainyardError('bug', 'file_missing', `the ${stage} stage left no ${path}`);
}
