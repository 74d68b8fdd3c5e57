import type { ActivityDependencies } from '../dependencies';
import type { RunContext } from '../runContext';

/** Where the inputs of one attempt go, and which shard they are for. */
export interface InputTarget {
  /** An empty folder. */
  folder: string;
  signal: AbortSignal;
  /** Of a stage that is worked on in shards: which one, from 0. */
  shard?: number | undefined;
}

/** The inputs of a stage: what they are, and the bytes themselves. */
export interface StageInputs {
  /**
   * What the result depends on, for the step cache; absent when the stage is not cached. Two runs of one
   * owner with the same identity share the result. It fetches no more than it takes to know.
   */
  identity?(): Promise<unknown>;
  /** Fetches the inputs into the folder; what `identity` has fetched already is not fetched twice. */
  fetch(): Promise<void>;
}

/** What is particular to a stage on the platform's side: where its inputs come from. */
export type OpenInputs = (
  deps: ActivityDependencies,
  context: RunContext,
  target: InputTarget,
) => StageInputs;
