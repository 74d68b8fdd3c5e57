import { join } from 'node:path';
import { fetchTree, type TreeRef } from '../../src/artifacts/trees/tree';
import { getModelType } from '../../src/model-types/registry';
import type { OpenInputs } from '../attempt/stageInputs';
import { outputOf } from '../runContext';
import { fetchBaseModel } from './baseBundle';
import { datasetSchema } from './datasetSchema';

/** `extract/` and, with a base model, `base/`. The same rows from other files hit the cache. */
export const preprocessInputs: OpenInputs = (deps, context, { folder }) => {
  const extracted = outputOf(context, 'extract');
  return {
    identity: async () => {
      const type = getModelType(context.model.type);
      const rowHash = async (part: 'train' | 'test') =>
        (await datasetSchema(deps.store, extracted, part))?.rowHash ?? null;
      const base: TreeRef | undefined = context.model.base_bundle?.tree;
      return {
        type: type.name,
        version: type.stepVersions.preprocess,
        options: type.cacheOptions('preprocess', context.run.options),
        train: await rowHash('train'),
        test: await rowHash('test'),
        base: base?.manifest.sha256 ?? null,
      };
    },
    fetch: async () => {
      await fetchTree(deps.store, extracted, join(folder, 'extract'));
      await fetchBaseModel(deps, context, folder);
    },
  };
};
