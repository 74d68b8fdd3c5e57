import { stageItems } from '../../src/stage-inputs/stageRun';
import { getModelType } from '../../src/model-types/registry';
import { stagesFor } from '../../src/model-types/stages';
import { loadRunContext } from '../../src/training/runContext';
import type { RunHandle, StageItem } from '../../workflows/types';
import type { ActivityDependencies } from '../dependencies';

/** What a stage of a run fans out over; nothing where the run's options do not have it. */
export async function items(
  deps: ActivityDependencies,
  run: RunHandle,
  stage: string,
): Promise<readonly unknown[]> {
  const context = await loadRunContext(deps.database.manager, run.runId);
  const type = getModelType(context.model.type);
  if (!stagesFor(type, context.run.options).includes(stage)) return [];
  const found = await stageItems(deps.store, context, stage);
  if (found) return found;
  throw new Error(`the ${stage} stage declares no items`);
}

/** An item as workflows give it: with its value, or its number alone where they began before there were values. */
export async function itemOf(
  deps: ActivityDependencies,
  run: RunHandle,
  stage: string,
  given: StageItem | number | undefined,
): Promise<StageItem | undefined> {
  if (typeof given !== 'number') return given;
  return { number: given, value: (await items(deps, run, stage))[given] };
}
