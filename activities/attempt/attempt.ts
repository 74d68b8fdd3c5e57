import type { StageName } from '../../workflows/types';

/** One attempt at a stage of a run, or at one of its shards. */
export interface Attempt {
  runId: string;
  modelId: string;
  name: StageName;
  /** What the database calls it: the name, or for a shard `<name>-<number>`. */
  stage: string;
  /** Of a stage that is worked on in shards: which one, from 0. */
  shard?: number | undefined;
  fence: number;
  /** From 1; people see it in logs. */
  number: number;
}
