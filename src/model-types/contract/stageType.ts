import type { StageContext } from '../../stage/stageContext';
import type { StageInput, StageRun } from './stageInput';

/**
 * The work of a stage: reads `context.inputs`, leaves its result in `context.outputs`.
 * Throws TrainyardError for anything a person can act on; any other throw is a bug of ours.
 */
export type StageFunction<Options> = (context: StageContext, options: Options) => Promise<void>;

/** One stage of a training. It runs in a child process of its own, once, or once for each of its items. */
export interface StageType<Options> {
  /** Raised when its output bytes change for the same input; part of its cache key. */
  readonly version: number;
  /** Which trainings have it. Absent: all. */
  when?(options: Options): boolean;
  /** What lies in `context.inputs` when it runs. */
  readonly inputs: readonly StageInput<Options>[];
  /**
   * Which options change its result. With the identities of the inputs they are the key under which the
   * step cache keeps the result for other runs of the same owner. Absent: it is not cached.
   */
  cacheOptions?(options: Options): unknown;
  /**
   * What it fans out over: each item, a small JSON value, is worked on by itself, by whichever worker has
   * room. Known once the stages before it are done. Absent: it is worked on whole.
   */
  items?(run: StageRun<Options>): Promise<readonly unknown[]>;
  /** A small JSON file among its outputs whose content the recipe gets: ids and scores, no data. */
  readonly returns?: string;
  /** The task queue that it waits in, where workers take it from. @default `cpu` */
  readonly queue?: string;
  /** It reads files of strangers: confined by Node's own rules where the system has nothing better. */
  readonly readsUploads?: boolean;
  /** It runs large ONNX graphs again and again. */
  runsLargeGraphs?(options: Options): boolean;
  /** Imports what it needs when it is called. */
  readonly run: StageFunction<Options>;
}
