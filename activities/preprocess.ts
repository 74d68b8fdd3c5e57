import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fetchTree } from '../src/artifacts/tree';
import type { DatasetSchema } from '../src/data/dataset';
import { getModelType } from '../src/model-types/registry';
import { layBase } from './baseBundle';
import type { PrepareStage } from './stagePlan';
import { outputOf } from './runContext';

/** Inputs: `extract/` and, with a base model, `base/`. The same rows from other files hit the cache. */
export const preparePreprocess: PrepareStage = async (deps, context, inputs) => {
  const extracted = outputOf(context, 'extract');
  const extract = join(inputs, 'extract');
  await fetchTree(deps.store, extracted, extract);
  const type = getModelType(context.model.type);
  const identity = {
    type: type.name,
    version: type.stepVersions.preprocess,
    options: type.cacheOptions('preprocess', context.run.options),
    train: await rowHash(join(extract, 'train')),
    test: await rowHash(join(extract, 'test')),
    base: context.model.base_bundle?.tree.manifest.sha256 ?? null,
  };
  return { identity, layInputs: () => layBase(deps, context, inputs) };
};

async function rowHash(folder: string): Promise<string | null> {
  const path = join(folder, 'dataset.json');
  if (!existsSync(path)) return null;
  return (JSON.parse(await readFile(path, 'utf8')) as DatasetSchema).rowHash;
}
