import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOfStream } from '../artifacts/digest';
import { localFiles } from '../artifacts/localFiles';
import { readManifest } from '../artifacts/trees/tree';
import { runOfModel } from '../database/runs/runs';
import { TrainyardError } from '../errors';
import { getModelType } from '../model-types/registry';
import { stageOf } from '../model-types/stages';
import { warningsFile } from '../stage/keptWarnings';
import type { InputDependencies } from '../stage-inputs/inputFolder';
import { stageRunOf } from '../stage-inputs/stageRun';
import { baseBundleOf, loadRunContext, outputOf, type RunContext } from '../training/runContext';
import { OverlayStore } from './overlayStore';
import { rereadSources, rerunsOf, rerunStage, stagesToVerify, type StageRerun } from './rerunStage';

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
 * Works the stages that make the model again from what the run recorded, beside the platform and without
 * writing to it, and compares every file by its sha256. Sources are not read again, unless what they gave
 * has left the step cache; of the rows their hash is then compared, which the model carries.
 * @throws TrainyardError `no_run` for a model that was not trained here; `base_model_gone`; `rows_gone`
 * when the rows can neither be found in the cache nor read again
 */
export async function verifyTraining(
  deps: InputDependencies,
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
  // Before any work: without its base model it cannot be repeated.
  baseBundleOf(context);
  const folder = await mkdtemp(join(tmpdir(), 'trainyard-verify-'));
  try {
    const overlay = await OverlayStore.over(deps.store, folder);
    return await verifyStages({ ...deps, store: overlay }, context, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function verifyStages(
  deps: InputDependencies & { store: OverlayStore },
  context: RunContext,
  folder: string,
): Promise<Verification> {
  const { store } = deps;
  const type = getModelType(context.model.type);
  const compared: ComparedFile[] = [];
  const remade: string[] = [];
  for (const stage of stagesToVerify(context)) {
    const readsSources = stageOf(type, stage).readsUploads ?? false;
    for (const rerun of await rerunsOf(deps, context, stage)) {
      const { key } = rerun;
      const gone = await isGone(store, context, rerun);
      if (readsSources && !gone) continue;
      const work = readsSources ? rereadSources : rerunStage;
      const outputs = await work(deps, context, rerun, join(folder, key));
      if (!gone) compared.push(...(await compare(store, context, rerun, outputs)));
      else {
        context.stages.get(key)!.output = await store.add(key, outputs);
        remade.push(key);
        if (readsSources) compared.push(await compareRows(deps, context, stage));
      }
    }
  }
  return { compared, remade };
}

async function isGone(
  store: OverlayStore,
  context: RunContext,
  { stage, number }: StageRerun,
): Promise<boolean> {
  return (await store.size(outputOf(context, stage, number).manifest.key)) === undefined;
}

async function compareRows(
  deps: InputDependencies,
  context: RunContext,
  stage: string,
): Promise<ComparedFile> {
  const run = stageRunOf(deps.store, context);
  const hashes = await getModelType(context.model.type).dataHashes(run);
  return { stage, path: 'train (its rows in their order)', ...hashes };
}

async function compare(
  store: OverlayStore,
  context: RunContext,
  { stage, key, number }: StageRerun,
  outputs: string,
): Promise<ComparedFile[]> {
  const { files } = await readManifest(store, outputOf(context, stage, number));
  const recorded = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  const again = new Map<string, string>();
  for (const { path } of await localFiles(outputs)) {
    // Results of a version that did not keep what it warned of stay comparable.
    if (path === warningsFile && !recorded.has(path)) continue;
    again.set(path, (await digestOfStream(createReadStream(join(outputs, path)))).sha256);
  }
  const paths = [...new Set([...recorded.keys(), ...again.keys()])].sort();
  return paths.map((path) => ({
    stage: key,
    path,
    recorded: recorded.get(path),
    again: again.get(path),
  }));
}
