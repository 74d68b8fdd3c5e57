import { join } from 'node:path';
import { fetchTree } from '../../src/artifacts/trees/tree';
import type { OpenInputs } from '../attempt/stageInputs';
import { outputOf } from '../runContext';
import { fetchBaseModel } from './baseBundle';
import { fetchEncoding } from './embed';

/** `preprocess/` and, with a base model, `base/`; with an encoder what `fetchEncoding` fetches. */
export const trainInputs: OpenInputs = (deps, context, { folder }) => ({
  fetch: async () => {
    await fetchTree(deps.store, outputOf(context, 'preprocess'), join(folder, 'preprocess'));
    await fetchBaseModel(deps, context, folder);
    await fetchEncoding(deps, context, folder);
  },
});
