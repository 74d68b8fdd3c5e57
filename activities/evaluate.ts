import { join } from 'node:path';
import { fetchTree } from '../src/artifacts/tree';
import { layBase } from './baseBundle';
import { outputOf } from './runContext';
import type { PrepareStage } from './stagePlan';

/** Inputs: what the three stages before have published, each in a folder of its name, and `base/`. */
export const prepareEvaluate: PrepareStage = (deps, context, inputs) =>
  Promise.resolve({
    layInputs: async () => {
      for (const stage of ['extract', 'preprocess', 'train'] as const) {
        await fetchTree(deps.store, outputOf(context, stage), join(inputs, stage));
      }
      await layBase(deps, context, inputs);
    },
  });
