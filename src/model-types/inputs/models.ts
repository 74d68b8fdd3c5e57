import type { StageInput } from '../contract/stageInput';

/** The base model's bundle in `base/`; without a base model nothing. */
export const baseModel: StageInput<unknown> = {
  identity: (places) => Promise.resolve(places.baseHash),
  fetch: (places) => places.fetchBase('base'),
};

/**
 * A pretrained encoder as `encoder/`.
 * @param hashOf null: the training has none
 */
export function encoderFolder<Options>(
  hashOf: (options: Options) => string | null,
): StageInput<Options> {
  return {
    identity: ({ options }) => Promise.resolve(hashOf(options)),
    fetch: async (places) => {
      const hash = hashOf(places.options);
      if (hash !== null) await places.linkEncoder(hash, 'encoder');
    },
  };
}
