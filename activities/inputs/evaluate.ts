import { join } from 'node:path';
import { fetchTree } from '../../src/artifacts/trees/tree';
import type { OpenInputs } from '../attempt/stageInputs';
import { outputOf } from '../runContext';
import { fetchBaseModel } from './baseBundle';

/** What the three stages before have published, each in a folder of its name, and `base/`. */
export const evaluateInputs: OpenInputs = (deps, context, { folder }) => ({
  fetch: async () => {
    for (const stage of ['extract', 'preprocess', 'train'] as const) {
      await fetchTree(deps.store, outputOf(context, stage), join(folder, stage));
    }
    await fetchBaseModel(deps, context, folder);
  },
});
