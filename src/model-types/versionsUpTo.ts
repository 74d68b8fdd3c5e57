import type { HeavyStage, ModelType } from './modelType';

/** The order in which a training passes through its stages. */
const order: readonly HeavyStage[] = ['extract', 'preprocess', 'embed', 'train', 'evaluate'];

/**
 * The versions of a stage and of those before it: what it makes depends on all of them.
 * @param stage absent: all of the type's
 */
export function versionsUpTo(
  { stepVersions }: Pick<ModelType<unknown>, 'stepVersions'>,
  stage: HeavyStage = order.at(-1)!,
): Readonly<Record<string, number>> {
  const steps = order.slice(0, order.indexOf(stage) + 1);
  return Object.fromEntries(
    steps.flatMap((step) => {
      const version = stepVersions[step];
      return version === undefined ? [] : [[step, version]];
    }),
  );
}
