import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchTree } from '../../src/artifacts/trees/tree';
import { baseModelGone } from '../../src/training/baseModelGone';
import type { ActivityDependencies } from '../dependencies';
import type { RunContext } from '../runContext';

/** @throws TrainyardError `base_model_gone` when the run's base model was deleted. */
export function refuseWithoutBase({ run, model }: RunContext): void {
  if (run.data.base_model_id && !model.base_bundle) throw baseModelGone();
}

/** Fetches the base model's bundle into `base/`; without a base model nothing. */
export async function fetchBaseModel(
  deps: ActivityDependencies,
  context: RunContext,
  inputs: string,
): Promise<void> {
  refuseWithoutBase(context);
  const base = context.model.base_bundle;
  if (!base) return;
  const whole = join(inputs, 'base-tree');
  await mkdir(whole, { recursive: true });
  await fetchTree(deps.store, base.tree, whole, {
    only: (path) => path.startsWith(`${base.path}/`),
  });
  await rename(join(whole, base.path), join(inputs, 'base'));
}
