import type { StageContext } from '../stage/stageContext';

/**
 * The heavy stages of the types that there are, which learn to classify texts, in order; each runs in an
 * allocation of its own.
 */
export const heavyStages = ['extract', 'preprocess', 'train', 'evaluate'] as const;
/** `embed`, before `train`, only where there is a frozen encoder; it runs once for each shard of the rows. */
export type HeavyStage = (typeof heavyStages)[number] | 'embed';

/** Those whose outputs the step cache keeps for other runs of the same owner. */
export const cachedStages = ['extract', 'preprocess', 'embed'] as const;
export type CachedStage = (typeof cachedStages)[number];

type ByStage<T> = Record<(typeof heavyStages)[number], T> & { embed?: T };

/**
 * One heavy stage: reads `context.inputs`, leaves its result in `context.outputs`.
 * Throws TrainyardError for anything a person can act on; any other throw is a bug of ours.
 */
export type StageFunction<Options> = (context: StageContext, options: Options) => Promise<void>;

/**
 * Everything that is particular to a kind of model, registered by its name. What lies in
 * the folders that go from stage to stage:
 *
 * | stage      | inputs                                       | outputs                                   |
 * |------------|----------------------------------------------|-------------------------------------------|
 * | extract    | `files.json` (SourceFile[]) and its files    | `train/`, `test/` (datasets), `extract.json` |
 * | preprocess | `extract/`, `base/` (bundle, if any)         | the type's own features                   |
 * | embed      | `extract/`, `encoder/` (Hugging Face folder), `shard.json` (Shard) | embeddings of the shard's rows |
 * | train      | `preprocess/`, `base/`; with an encoder `extract/`, `encoder/` and, of each shard, `embeddings/<n>/` | `model/` (bundle), `train.json`, the type's own |
 * | evaluate   | `extract/`, `preprocess/`, `train/`, `base/` | `evaluation.json`, data checks included   |
 *
 * Those that are cached get `warnings.json` beside what they leave (see allocation/keptWarnings.ts).
 */
export interface ModelType<Options> {
  readonly name: string;
  /** Raised when a step's output bytes change for the same input; part of its cache key. */
  readonly stepVersions: Readonly<ByStage<number>>;
  readonly stages: Readonly<ByStage<StageFunction<Options>>>;
  /** The options that change what these stages make: part of their cache keys. */
  cacheOptions(stage: CachedStage, options: Options): unknown;
}
