import type { AdamWOptions } from '../optimizer/adamw';
import type { Gradients, ParameterSet, ParameterView } from '../optimizer/parameters';
import type { ParameterGroup } from '../optimizer/parameterGroups';

/** Rows that go through the model at once. */
export interface MicroBatch {
  rows: Int32Array;
  /** Tokens that each row is padded to. */
  length: number;
  /** Key of this part's random numbers, as for dropout; see `randomAt`. */
  key: number;
}

export interface StepResult {
  /** Mean over the micro-batch. */
  loss: number;
  /** Of that mean. They are read before the next call; the arrays may be used again then. */
  gradients: Gradients;
  /**
   * What this micro-batch weighs in its batch, as the sum of its rows' class weights.
   * @default its number of rows
   */
  weight?: number | undefined;
}

/** What is learnt: the model and the data, as functions of the parameters. */
export interface TrainingTask {
  /** Tokens of each training row. */
  tokens: ArrayLike<number>;
  /** Where training begins. Copied, but for the tables, which are read all along and must not change. */
  start: ParameterSet;
  /** Same arguments, same result to the last bit: resuming depends on it. */
  step(batch: MicroBatch, parameters: ParameterView): StepResult | Promise<StepResult>;
  /** Scores the parameters on the validation part: higher is better. */
  evaluate(parameters: ParameterView, signal?: AbortSignal): number | Promise<number>;
}

export interface TrainingOptions {
  /** Passes over the rows at most. */
  epochs: number;
  /** Rows per optimizer step. */
  batchRows: number;
  /** Most tokens, padding included, that go through the model at once; see `microBatches`. */
  microBatchTokens: number;
  /** Lengths that rows are padded to, ascending; see `bucketLengths`. */
  lengths: readonly number[];
  seed: number;
  /** The highest learning rate. */
  rate: number;
  /** Part of all steps in which the rate rises, 0 to 1. @default 0 */
  warmup?: number | undefined;
  /** How the rate falls after warm-up. @default 'linear' */
  schedule?: 'linear' | 'cosine' | 'constant' | undefined;
  /** Gradients whose norm, all parameters together, is above are scaled down to it. @default no clipping */
  clipNorm?: number | undefined;
  adamw?: AdamWOptions | undefined;
  /** The dense parameters that learn; see `parameterGroups`. */
  groups: readonly ParameterGroup[];
  /** One per embedding table. @default [] */
  tables?: readonly { weightDecay: number }[] | undefined;
  /** 1 at least, at even distances, the last at the epoch's end. @default 1 */
  evaluationsPerEpoch?: number | undefined;
  /** Training ends after so many evaluations without a better score. @default never early */
  patience?: number | undefined;
}

/** What one optimizer step did. */
export interface StepReport {
  /** Optimizer steps taken, this one included. */
  step: number;
  totalSteps: number;
  /** Counted from 0. */
  epoch: number;
  /** Mean over the step's rows, before the step. */
  loss: number;
  rate: number;
  /** Of all gradients together, before clipping. */
  gradientNorm: number;
  /** The validation score where this step was followed by an evaluation, and whether it is the best. */
  evaluation?: { score: number; best: boolean } | undefined;
}

export interface TrainingResult {
  /** The parameters of the best evaluation. */
  parameters: { dense: Float32Array; tables: Float32Array[] };
  score: number;
  /** Optimizer steps taken when they were reached. */
  bestStep: number;
  /** Optimizer steps taken in all. */
  steps: number;
  stoppedEarly: boolean;
}
