import type { InputPlaces, StageInput } from '../contract/stageInput';

/** What an earlier stage left, in a folder of its name. */
export function outputOf(
  stage: string,
  /** Names its content more loosely than by all of its bytes. */
  identity: (places: InputPlaces<unknown>) => Promise<unknown> = (places) =>
    Promise.resolve(places.outputHash(stage)),
): StageInput<unknown> {
  return { identity, fetch: (places) => places.fetchOutput(stage, stage) };
}

/** What an earlier stage left of each of its items: `<to>/0/`, `<to>/1/` and so on. */
export function outputsOf(stage: string, to: string): StageInput<unknown> {
  return {
    fetch: async (places) => {
      for (let item = 0; item < places.itemCount(stage); item++) {
        await places.fetchOutput(stage, `${to}/${item}`, item);
      }
    },
  };
}
