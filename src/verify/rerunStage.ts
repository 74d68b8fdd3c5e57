import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runAllocation } from '../allocation/allocation';
import { stageKey } from '../database/runs/stageKey';
import { messageOf, TrainyardError } from '../errors';
import { getModelType } from '../model-types/registry';
import { processTraits, stageOf, stagesFor } from '../model-types/stages';
import type { InputDependencies } from '../stage-inputs/inputFolder';
import { stageItems } from '../stage-inputs/stageRun';
import { openStageInputs } from '../stage-inputs/stageInputs';
import type { RunContext } from '../training/runContext';

/** A stage, or one of its items, that is worked again. */
export interface StageRerun {
  stage: string;
  /** What the database calls it. */
  key: string;
  /** Of a stage that fans out: the item, and its number. */
  number?: number;
  item?: unknown;
}

/** The stages that make the model, in their order. */
export function stagesToVerify({ run, model }: RunContext): string[] {
  const type = getModelType(model.type);
  const stages = stagesFor(type, run.options);
  return stages.slice(0, stages.indexOf(type.artifact.stage) + 1);
}

/** A stage, or each of its items; known once the stages before it are there. */
export async function rerunsOf(
  deps: InputDependencies,
  context: RunContext,
  stage: string,
): Promise<StageRerun[]> {
  const items = await stageItems(deps.store, context, stage);
  if (!items) return [{ stage, key: stageKey(stage) }];
  return items.map((item, number) => ({ stage, key: stageKey(stage, number), number, item }));
}

/** Reads the sources again. @throws TrainyardError `rows_gone` where the files that were trained on are not there any more */
export async function rereadSources(
  deps: InputDependencies,
  context: RunContext,
  rerun: StageRerun,
  folder: string,
): Promise<string> {
  try {
    return await rerunStage(deps, context, rerun, folder);
  } catch (error) {
    if (!(error instanceof TrainyardError) || error.kind === 'bug') throw error;
    throw new TrainyardError(
      'data',
      'rows_gone',
      'the rows that this model was trained on have left the step cache (TRAINYARD_CACHE_DAYS and ' +
        'TRAINYARD_CACHE_MAX_MB say when they do), and cannot be read again from where they came, ' +
        `so it cannot be verified. Reading them: ${messageOf(error)} [${error.code}]`,
    );
  }
}

/** @returns the folder of what the stage left */
export async function rerunStage(
  deps: InputDependencies,
  context: RunContext,
  { stage, item }: StageRerun,
  folder: string,
): Promise<string> {
  const [inputs, outputs, checkpoints] = ['inputs', 'outputs', 'checkpoints'].map((part) =>
    join(folder, part),
  ) as [string, string, string];
  for (const made of [inputs, outputs, checkpoints]) await mkdir(made, { recursive: true });
  const { signal } = new AbortController();
  await openStageInputs(deps, context, { stage, item, folder: inputs, signal }).fetch();
  const { run, model } = context;
  await runAllocation({
    job: {
      modelType: model.type,
      stage,
      ...processTraits(stageOf(getModelType(model.type), stage)),
      options: run.options,
      inputs,
      outputs,
      checkpoints,
      cores: Math.min(run.job.allocation_cores, deps.config.worker.cores),
      memoryMb: run.job.allocation_memory,
    },
    listener: {
      progress: () => undefined,
      metric: () => undefined,
      warning: () => undefined,
      log: () => undefined,
      checkpoint: () => Promise.resolve(true),
    },
    signal,
    hangMs: deps.config.worker.hangMs,
  });
  return outputs;
}
