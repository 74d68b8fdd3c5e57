import { getModelType } from '../model-types/registry';
import { stageOf } from '../model-types/stages';
import type { RunContext } from '../training/runContext';
import { InputFolder, type InputDependencies } from './inputFolder';

/** The inputs of a stage: what they are, and the bytes themselves. */
export interface StageInputs {
  /**
   * What the result depends on, for the step cache; absent when the stage is not cached. Two runs of one
   * owner with the same identity share the result. It fetches no more than it takes to know.
   */
  identity?(): Promise<unknown>;
  /** Fetches the inputs into the folder; what `identity` has fetched already is not fetched twice. */
  fetch(): Promise<void>;
}

/** Where the inputs go, and what they are for. */
export interface InputTarget {
  stage: string;
  /** Of a stage that fans out: the item, a small JSON value. */
  item?: unknown;
  /** An empty folder. */
  folder: string;
  signal: AbortSignal;
}

/** The inputs that a kind of model declares for one of its stages. */
export function openStageInputs(
  deps: InputDependencies,
  context: RunContext,
  target: InputTarget,
): StageInputs {
  const { run, model } = context;
  const type = getModelType(model.type);
  const stage = stageOf(type, target.stage);
  const places = new InputFolder(deps, context, target);
  const identity = async () => {
    const inputs: unknown[] = [];
    for (const input of stage.inputs) inputs.push((await input.identity?.(places)) ?? null);
    const { version } = stage;
    return { type: type.name, version, options: stage.cacheOptions?.(run.options), inputs };
  };
  return {
    ...(stage.cacheOptions && { identity }),
    fetch: async () => {
      for (const input of stage.inputs) await input.fetch(places);
    },
  };
}
