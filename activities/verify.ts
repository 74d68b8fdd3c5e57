import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAllocation } from '../src/allocation/allocation';
import { digestOfStream } from '../src/artifacts/digest';
import { localFiles } from '../src/artifacts/localFiles';
import { readManifest } from '../src/artifacts/tree';
import { runOfModel } from '../src/database/runs';
import { TrainyardError } from '../src/errors';
import type { StageName } from '../workflows/types';
import type { ActivityDependencies } from './dependencies';
import { prepareEmbed } from './embed';
import { preparePreprocess } from './preprocess';
import { loadRunContext, outputOf, stageKey, type RunContext } from './runContext';
import type { PrepareStage } from './stagePlan';
import { prepareTrain } from './train';

type VerifyDependencies = Pick<ActivityDependencies, 'config' | 'database' | 'store'>;

/** One file of a stage's output, then and now; undefined where it is not there. */
export interface ComparedFile {
  stage: string;
  path: string;
  recorded: string | undefined;
  again: string | undefined;
}

/**
 * Works preprocess, embed and train again from what the run recorded, beside the platform and without
 * writing to it, and compares every file by its sha256.
 * @throws TrainyardError `no_run` for a model that was not trained here; `artifact_missing` when its
 * inputs have left the cache
 */
export async function verifyTraining(
  deps: VerifyDependencies,
  modelId: string,
): Promise<ComparedFile[]> {
  const run = await runOfModel(deps.database.manager, modelId);
  if (!run || run.summary === null) {
    throw new TrainyardError(
      'config',
      'no_run',
      `model ${modelId} has no finished training of this platform`,
    );
  }
  const context = await loadRunContext(deps.database.manager, run.id);
  const folder = await mkdtemp(join(tmpdir(), 'trainyard-verify-'));
  try {
    const compared: ComparedFile[] = [];
    for (const plan of plansOf(context)) {
      const outputs = join(folder, stageKey(plan.stage, plan.shard));
      await workAgain(deps, context, plan, outputs);
      compared.push(...(await compare(deps, context, plan, join(outputs, 'outputs'))));
    }
    return compared;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface StagePlan {
  stage: StageName;
  shard?: number | undefined;
  prepare: PrepareStage;
}

function plansOf({ stages }: RunContext): StagePlan[] {
  const shards = [...stages.keys()].filter((key) => key.startsWith('embed-')).length;
  return [
    { stage: 'preprocess', prepare: preparePreprocess },
    ...Array.from({ length: shards }, (_, shard): StagePlan => {
      return { stage: 'embed', shard, prepare: prepareEmbed };
    }),
    { stage: 'train', prepare: prepareTrain },
  ];
}

async function workAgain(
  deps: VerifyDependencies,
  context: RunContext,
  { stage, shard, prepare }: StagePlan,
  folder: string,
): Promise<void> {
  const [inputs, outputs, checkpoints] = ['inputs', 'outputs', 'checkpoints'].map((part) =>
    join(folder, part),
  ) as [string, string, string];
  for (const made of [inputs, outputs, checkpoints]) await mkdir(made, { recursive: true });
  const { signal } = new AbortController();
  await (await prepare(deps as ActivityDependencies, context, inputs, signal, shard)).layInputs();
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
}

async function compare(
  deps: VerifyDependencies,
  context: RunContext,
  { stage, shard }: StagePlan,
  outputs: string,
): Promise<ComparedFile[]> {
  const { files } = await readManifest(deps.store, outputOf(context, stage, shard));
  const recorded = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  const again = new Map<string, string>();
  for (const { path } of await localFiles(outputs)) {
    again.set(path, (await digestOfStream(createReadStream(join(outputs, path)))).sha256);
  }
  const paths = [...new Set([...recorded.keys(), ...again.keys()])].sort();
  return paths.map((path) => ({
    stage: stageKey(stage, shard),
    path,
    recorded: recorded.get(path),
    again: again.get(path),
  }));
}
