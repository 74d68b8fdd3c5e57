import type { ModelType } from './contract/modelType';
import type { StageType } from './contract/stageType';

type AnyType = Pick<ModelType, 'name' | 'stages'>;

/** A stage that its kind declares. */
export function stageOf({ name, stages }: AnyType, stage: string): StageType<unknown> {
  if (Object.hasOwn(stages, stage)) return stages[stage]!;
  throw new Error(`${name} has no stage ${stage}`);
}

/** The stages of a training with these options, in its order. */
export function stagesFor({ stages }: AnyType, options: unknown): string[] {
  return Object.entries(stages)
    .filter(([, stage]) => stage.when?.(options) ?? true)
    .map(([name]) => name);
}

/**
 * The versions of a stage and of those before it: what it makes depends on all of them.
 * @param last absent: all of the kind's stages
 */
export function versionsUpTo(
  { stages }: Pick<ModelType, 'stages'>,
  last?: string,
): Readonly<Record<string, number>> {
  const names = Object.keys(stages);
  const upTo = last === undefined ? names : names.slice(0, names.indexOf(last) + 1);
  return Object.fromEntries(upTo.map((name) => [name, stages[name]!.version]));
}

/** The task queue of each stage that has another than `cpu`. */
export function queuesOf({ stages }: Pick<ModelType, 'stages'>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(stages).flatMap(([name, { queue }]) =>
      queue === undefined ? [] : [[name, queue]],
    ),
  );
}

/** What the process in which a stage works is told of it beside its folders. */
export function processTraits(stage: StageType<unknown>) {
  return {
    readsUploads: stage.readsUploads ?? false,
    keepsWarnings: stage.cacheOptions !== undefined,
  };
}
