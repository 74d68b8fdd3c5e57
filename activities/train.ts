import { join } from 'node:path';
import { fetchTree } from '../src/artifacts/tree';
import { layBase } from './baseBundle';
import { layEncoding } from './embed';
import { outputOf } from './runContext';
import type { PrepareStage } from './stagePlan';

/** Inputs: `preprocess/` and, with a base model, `base/`; with an encoder what `layEncoding` lays. */
export const prepareTrain: PrepareStage = (deps, context, inputs) =>
  Promise.resolve({
    layInputs: async () => {
      await fetchTree(deps.store, outputOf(context, 'preprocess'), join(inputs, 'preprocess'));
      await layBase(deps, context, inputs);
      await layEncoding(deps, context, inputs);
    },
  });
