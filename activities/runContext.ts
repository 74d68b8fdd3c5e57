import { firstRow, type Queryable } from '../src/database/database';
import type { BundleRef } from '../src/database/models/deployments';
import { runById, type RunRow } from '../src/database/runs/runs';
import { stagesOf, type StageRow } from '../src/database/runs/stages';
import type { TreeRef } from '../src/artifacts/trees/tree';
import { TrainyardError } from '../src/errors';
import type { StageName } from '../workflows/types';

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

/** What the database calls a stage or one of its shards. */
export function stageKey(stage: StageName, shard?: number): string {
  return shard === undefined ? stage : `${stage}-${shard}`;
}

/** What an earlier stage, or a shard of it, published. */
export function outputOf({ stages }: RunContext, stage: StageName, shard?: number): TreeRef {
  const key = stageKey(stage, shard);
  const output = stages.get(key)?.output;
  if (!output)
    throw new TrainyardError('bug', 'stage_missing', `the ${key} stage has not published`);
  return output;
}
