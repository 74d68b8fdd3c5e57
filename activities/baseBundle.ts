import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchTree } from '../src/artifacts/tree';
import type { ActivityDependencies } from './dependencies';
import type { RunContext } from './runContext';

/** Lays the base model's bundle at `base/`; nothing when the run starts from nothing. */
export async function layBase(
  deps: ActivityDependencies,
  { model }: RunContext,
  inputs: string,
): Promise<void> {
  const base = model.base_bundle;
  if (!base) return;
  const whole = join(inputs, 'base-tree');
  await mkdir(whole, { recursive: true });
  await fetchTree(deps.store, base.tree, whole, {
    only: (path) => path.startsWith(`${base.path}/`),
  });
  await rename(join(whole, base.path), join(inputs, 'base'));
}
