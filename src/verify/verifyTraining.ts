import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { warningsFile } from '../stage/keptWarnings';
import { digestOfStream } from '../artifacts/digest';
import { localFiles } from '../artifacts/localFiles';
import { readManifest, readTreeFile } from '../artifacts/trees/tree';
import type { DatasetSchema } from '../data/dataset';
import { runOfModel } from '../database/runs/runs';
import { TrainyardError } from '../errors';
import type { AnyManifest } from '../model-types/nlp-text/bundle/bundleManifest';
import { refuseWithoutBase } from '../../activities/inputs/baseBundle';
import { RemadeTrees } from './overlayStore';
import { loadRunContext, outputOf, stageKey, type RunContext } from '../../activities/runContext';
import {
  extractAgain,
  plansOf,
  workAgain,
  type StageAgain,
  type VerifyDependencies,
} from './rerunStage';

/** One file of a stage's output, then and now; undefined where it is not there. */
export interface ComparedFile {
  stage: string;
  path: string;
  recorded: string | undefined;
  again: string | undefined;
}

export interface Verification {
  compared: ComparedFile[];
  /** Stages whose recorded result has left the step cache: made again, with little to compare. */
  remade: string[];
}

/**
 * Works preprocess, embed and train again from what the run recorded, beside the platform and without
 * writing to it, and compares every file by its sha256. What has left the step cache is made again from
 * the files that were trained on; of the rows their hash is compared, which the model carries.
 * @throws TrainyardError `no_run` for a model that was not trained here; `base_model_gone`; `rows_gone`
 * when the rows can neither be found in the cache nor read again
 */
export async function verifyTraining(
  deps: VerifyDependencies,
  modelId: string,
): Promise<Verification> {
  const run = await runOfModel(deps.database.manager, modelId);
  if (!run || run.summary === null) {
    throw new TrainyardError(
      'config',
      'no_run',
      `model ${modelId} has no finished training of this platform`,
    );
  }
  const context = await loadRunContext(deps.database.manager, run.id);
  refuseWithoutBase(context);
  const folder = await mkdtemp(join(tmpdir(), 'trainyard-verify-'));
  try {
    const trees = await RemadeTrees.over(deps.store, folder);
    return await verifyStages({ ...deps, store: trees }, context, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function verifyStages(
  deps: VerifyDependencies & { store: RemadeTrees },
  context: RunContext,
  folder: string,
): Promise<Verification> {
  const { store } = deps;
  const compared: ComparedFile[] = [];
  const remade: string[] = [];
  const remake = async (key: string, outputs: string) => {
    context.stages.get(key)!.output = await store.add(key, outputs);
    remade.push(key);
  };
  if (await isGone(store, context, { stage: 'extract' })) {
    const outputs = await extractAgain(deps, context, join(folder, 'extract'));
    compared.push(await compareRows(store, context, outputs));
    await remake('extract', outputs);
  }
  for (const plan of plansOf(context)) {
    const key = stageKey(plan.stage, plan.shard);
    const gone = await isGone(store, context, plan);
    const outputs = await workAgain(deps, context, plan, join(folder, key));
    if (gone) await remake(key, outputs);
    else compared.push(...(await compare(store, context, plan, outputs)));
  }
  return { compared, remade };
}

type Stage = Pick<StageAgain, 'stage' | 'shard'>;

async function isGone(
  store: RemadeTrees,
  context: RunContext,
  { stage, shard }: Stage,
): Promise<boolean> {
  return (await store.size(outputOf(context, stage, shard).manifest.key)) === undefined;
}

async function compareRows(
  store: RemadeTrees,
  context: RunContext,
  outputs: string,
): Promise<ComparedFile> {
  const manifest = await readTreeFile(store, outputOf(context, 'train'), 'model/manifest.json');
  const schema = await readFile(join(outputs, 'train', 'dataset.json'), 'utf8');
  return {
    stage: 'extract',
    path: 'train (its rows in their order)',
    recorded: manifest && (JSON.parse(manifest.toString('utf8')) as AnyManifest).data_hash,
    again: (JSON.parse(schema) as DatasetSchema).rowHash,
  };
}

async function compare(
  store: RemadeTrees,
  context: RunContext,
  { stage, shard }: Stage,
  outputs: string,
): Promise<ComparedFile[]> {
  const { files } = await readManifest(store, outputOf(context, stage, shard));
  const recorded = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  const again = new Map<string, string>();
  for (const { path } of await localFiles(outputs)) {
    // Results of a version that did not keep what it warned of stay comparable.
    if (path === warningsFile && !recorded.has(path)) continue;
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
