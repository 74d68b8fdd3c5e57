import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runAllocation } from '../allocation/allocation';
import type { ReadableStore } from '../artifacts/artifactStore';

import { messageOf, TrainyardError } from '../errors';
import type { StageName } from '../../workflows/types';
import type { ActivityDependencies } from '../../activities/dependencies';
import type { OpenInputs } from '../../activities/attempt/stageInputs';
import { embedInputs } from '../../activities/inputs/embed';
import { extractInputs } from '../../activities/inputs/extract';
import { preprocessInputs } from '../../activities/inputs/preprocess';
import { trainInputs } from '../../activities/inputs/train';
import type { RunContext } from '../../activities/runContext';

/** What a verification works with; of the store it only reads. */
export type VerifyDependencies = Pick<ActivityDependencies, 'config' | 'database'> & {
  store: ReadableStore;
};

/** A stage, or a shard of one, that is worked again. */
export interface StageAgain {
  stage: StageName;
  shard?: number | undefined;
  open: OpenInputs;
}

/** The stages after `extract` that make the model, in their order. */
export function plansOf({ stages }: RunContext): StageAgain[] {
  const shards = [...stages.keys()].filter((key) => key.startsWith('embed-')).length;
  return [
    { stage: 'preprocess', open: preprocessInputs },
    ...Array.from({ length: shards }, (_, shard): StageAgain => {
      return { stage: 'embed', shard, open: embedInputs };
    }),
    { stage: 'train', open: trainInputs },
  ];
}

/** @throws TrainyardError `rows_gone` where the files that were trained on are not there any more. */
export async function extractAgain(
  deps: VerifyDependencies,
  context: RunContext,
  folder: string,
): Promise<string> {
  try {
    return await workAgain(deps, context, { stage: 'extract', open: extractInputs }, folder);
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

/** The folder of what the stage left. */
export async function workAgain(
  deps: VerifyDependencies,
  context: RunContext,
  { stage, shard, open }: StageAgain,
  folder: string,
): Promise<string> {
  const [inputs, outputs, checkpoints] = ['inputs', 'outputs', 'checkpoints'].map((part) =>
    join(folder, part),
  ) as [string, string, string];
  for (const made of [inputs, outputs, checkpoints]) await mkdir(made, { recursive: true });
  const { signal } = new AbortController();
  await open(deps as ActivityDependencies, context, { folder: inputs, signal, shard }).fetch();
  const { run, model } = context;
  await runAllocation({
    job: {
      modelType: model.type,
      stage,
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
