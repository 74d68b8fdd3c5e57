import { InputFolder } from '../../src/stage-inputs/inputFolder';
import { getModelType } from '../../src/model-types/registry';
import { stageOf } from '../../src/model-types/stages';
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
  const declared = stageOf(getModelType(context.model.type), stage);
  if (!declared.items) throw new Error(`the ${stage} stage declares no items`);
  const { options } = context.run;
  if (declared.when && !declared.when(options)) return [];
  const { signal } = new AbortController();
  return declared.items(new InputFolder(deps, context, { folder: '', signal }));
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
