import type { ActivityDependencies } from './dependencies';
import type { RunContext } from './runContext';

/** A stage made ready for one attempt. */
export interface PreparedStage {
  /**
   * What the result depends on, for the step cache; undefined when the stage is not cached. Two runs
   * of one owner with the same identity share the result.
   */
  identity?: unknown;
  /** Lays the inputs out in the folder given to `prepare`. */
  layInputs(): Promise<void>;
}

/**
 * What is particular to a heavy stage on the platform's side: where its inputs come from. `shard` is
 * given to a stage that is worked on in shards.
 */
export type PrepareStage = (
  deps: ActivityDependencies,
  context: RunContext,
  inputs: string,
  signal: AbortSignal,
  shard?: number,
) => Promise<PreparedStage>;
