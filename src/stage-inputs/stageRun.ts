import type { ReadableStore } from '../artifacts/artifactStore';
import { readTreeFile } from '../artifacts/trees/tree';
import type { StageRun } from '../model-types/contract/stageInput';
import { getModelType } from '../model-types/registry';
import { stageOf } from '../model-types/stages';
import { outputOf, type RunContext } from '../training/runContext';

/** What of a run its kind may look at outside its stages. */
export function stageRunOf(store: ReadableStore, context: RunContext): StageRun<unknown> {
  return {
    options: context.run.options,
    readOutput: (stage, path) => readTreeFile(store, outputOf(context, stage), path),
  };
}

/** What a stage of a run fans out over; undefined for a stage that is worked on whole. */
export async function stageItems(
  store: ReadableStore,
  context: RunContext,
  stage: string,
): Promise<readonly unknown[] | undefined> {
  const declared = stageOf(getModelType(context.model.type), stage);
  return declared.items?.(stageRunOf(store, context));
}
