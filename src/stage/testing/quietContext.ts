import type { StageContext } from '../stageContext';

/** What a stage sees in a test: nobody listens, nothing is kept, but for what is `given`. */
export function quietContext(
  inputs: string,
  outputs: string,
  given: Partial<StageContext> = {},
): StageContext {
  return {
    inputs,
    outputs,
    cores: 1,
    memoryMb: 1000,
    signal: new AbortController().signal,
    progress: () => undefined,
    metric: () => undefined,
    warn: () => undefined,
    checkpointRequested: false,
    checkpoint: () => Promise.resolve(),
    ...given,
  };
}
