import type { SourceFile } from '../../data/files/sourceFile';

/** What of a run is known outside its stages. */
export interface StageRun<Options> {
  readonly options: Options;
  /** A file that a stage left, read without fetching the others; undefined where it left none so called. */
  readOutput(stage: string, path: string): Promise<Buffer | undefined>;
}

/** What the inputs of one stage, or of one of its items, can be made of. */
export interface InputPlaces<Options> extends StageRun<Options> {
  /** Where inputs go: `context.inputs` of the stage. */
  readonly folder: string;
  /** What this run of the stage is for; undefined where it does not fan out. */
  readonly item: unknown;
  /** The files that the request named, in their order. */
  sourceFiles(): Promise<readonly SourceFile[]>;
  fetchSourceFiles(): Promise<void>;
  /** Fetches what a stage left into the folder `to`. With a number: what it left of that item. */
  fetchOutput(stage: string, to: string, item?: number): Promise<void>;
  /** Names the content of what a stage left. */
  outputHash(stage: string): string;
  /** How many items of a stage are published. */
  itemCount(stage: string): number;
  /** Names the content of the base model; null without one. */
  readonly baseHash: string | null;
  /** Fetches the base model's bundle into the folder `to`; without a base model nothing. */
  fetchBase(to: string): Promise<void>;
  /** Links the folder of a pretrained encoder, which trainings on this machine share, as `to`. */
  linkEncoder(hash: string, to: string): Promise<void>;
}

/**
 * One thing that lies in a stage's input folder. Inputs that several kinds need stand in
 * src/model-types/inputs.
 */
export interface StageInput<Options> {
  /**
   * Names what the stage's result depends on, for the step cache; fetches no more than it takes to know.
   * Absent: the result does not depend on it alone (what it holds follows from other inputs or options).
   */
  identity?(places: InputPlaces<Options>): Promise<unknown>;
  /** Fetches it; what `identity` has fetched already is not fetched twice. */
  readonly fetch: (places: InputPlaces<Options>) => Promise<void>;
}
