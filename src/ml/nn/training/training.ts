import { streamKey } from '../../random/counterRandom';
import { clipScale } from '../optimizer/clipping';
import { GradientSum } from '../optimizer/gradientSum';
import { gradientNorm, Optimizer, type ParameterCopy } from '../optimizer/optimizer';
import { learningRate, type ScheduleOptions } from '../optimizer/schedule';
import {
  SavedArrays,
  snapshotOf,
  type SavedSnapshot,
  type Snapshot,
  type StateArray,
} from '../optimizer/snapshot';
import { overlaid } from '../optimizer/sparseAdamW';
import { epochBatches, microBatches, type Batch } from './batches';
import { Yielder } from './yielder';
import { TrainingDivergedError } from './divergence';
import { type BestSoFar, judged, noneYet } from './earlyStopping';
import type { StepReport, TrainingOptions, TrainingResult, TrainingTask } from './task';

/** The readable half of a checkpoint. */
export interface TrainingPosition {
  /** Optimizer steps taken. */
  step: number;
  best: BestSoFar;
  /** What weight decay had done to the untouched rows of each table when the best was reached. */
  bestShrinks: number[];
  /** Must be the same when training goes on. */
  plan: { rows: number; seed: number; batchRows: number; totalSteps: number };
}

/** The key of dropout and the like must differ from the keys of the batches. */
const stepStream = 0x57e9;

/**
 * Trains with AdamW, evaluates, stops early and keeps the best weights. Everything that it does is a
 * function of its arguments, so a training that goes on from a checkpoint ends in the same bytes.
 *
 * ```ts
 * const training = new Training(task, options);
 * for await (const report of training.steps(signal)) {
 *   if (due(report)) await save(training.checkpoint());
 * }
 * const { parameters } = training.result();
 * ```
 */
export class Training {
  readonly totalSteps: number;
  private readonly optimizer: Optimizer;
  private readonly sum: GradientSum;
  private readonly stepsPerEpoch: number;
  private readonly schedule: ScheduleOptions;
  private best = noneYet;
  private bestCopy: ParameterCopy | undefined;

  /** @param checkpoint where to go on, made by a training with the same task and options */
  constructor(
    private readonly task: TrainingTask,
    private readonly options: TrainingOptions,
    checkpoint?: SavedSnapshot<TrainingPosition>,
  ) {
    const { groups, tables = [], adamw, batchRows, epochs } = options;
    this.optimizer = new Optimizer(task.start, { ...adamw, groups, tables });
    this.sum = new GradientSum(this.optimizer);
    this.stepsPerEpoch = Math.ceil(task.tokens.length / batchRows);
    this.totalSteps = epochs * this.stepsPerEpoch;
    if (!(this.totalSteps > 0)) {
      throw new RangeError(
        `${epochs} epochs of ${task.tokens.length} rows are nothing to train on.`,
      );
    }
    this.schedule = {
      rate: options.rate,
      warmupSteps: Math.floor((options.warmup ?? 0) * this.totalSteps),
      totalSteps: this.totalSteps,
      shape: options.schedule,
    };
    if (checkpoint) this.restore(checkpoint);
  }

  /** Optimizer steps taken. */
  get step(): number {
    return this.optimizer.steps;
  }

  get finished(): boolean {
    return this.step >= this.totalSteps || this.stoppedEarly;
  }

  /**
   * Goes on to the end, with a report after each step. Between two reports a checkpoint can be made.
   *
   * @param signal once aborted, throws its reason, from the middle of a step too: this object is of no
   *   use then, and training goes on from the last checkpoint
   * @throws TrainingDivergedError when loss, gradients or score are not finite
   */
  async *steps(signal?: AbortSignal): AsyncGenerator<StepReport, void> {
    const yielder = new Yielder(signal);
    let batches: Batch[] = [];
    for (let inEpoch = this.step % this.stepsPerEpoch; !this.finished; inEpoch++) {
      if (inEpoch === this.stepsPerEpoch) inEpoch = 0;
      const epoch = Math.floor(this.step / this.stepsPerEpoch);
      if (batches.length === 0 || inEpoch === 0) {
        batches = epochBatches(this.task.tokens, this.options, epoch);
      }
      const report = await this.take(batches[inEpoch]!, yielder);
      const evaluation = this.evaluationDue(inEpoch + 1)
        ? await this.evaluate(yielder, report.rate, signal)
        : undefined;
      yield { ...report, epoch, totalSteps: this.totalSteps, step: this.step, evaluation };
    }
  }

  /** All that a later `new Training(…, checkpoint)` needs. Its parts are views: write them before going on. */
  checkpoint(): Snapshot<TrainingPosition> {
    const arrays: Record<string, StateArray> = this.optimizer.state();
    if (this.bestCopy) arrays['best.dense'] = this.bestCopy.dense;
    this.bestCopy?.tables.forEach(({ rows, values }, t) => {
      arrays[`best.table${t}.rows`] = rows;
      arrays[`best.table${t}.values`] = values;
    });
    const bestShrinks = this.bestCopy?.tables.map(({ shrink }) => shrink) ?? [];
    return snapshotOf({ step: this.step, best: this.best, bestShrinks, plan: this.plan() }, arrays);
  }

  /** The best so far; there is one from the first evaluation on. */
  result(): TrainingResult {
    const { best, bestCopy } = this;
    if (best.score === null || !bestCopy) {
      throw new Error(`There was no evaluation in the first ${this.step} steps.`);
    }
    const tables = this.task.start.tables.map((table, t) => overlaid(table, bestCopy.tables[t]!));
    return {
      parameters: { dense: bestCopy.dense, tables },
      score: best.score,
      bestStep: best.step,
      steps: this.step,
      stoppedEarly: this.stoppedEarly && this.step < this.totalSteps,
    };
  }

  private get stoppedEarly(): boolean {
    return this.best.since >= (this.options.patience ?? Infinity);
  }

  /** One optimizer step. */
  private async take(
    batch: Batch,
    yielder: Yielder,
  ): Promise<Pick<StepReport, 'loss' | 'rate' | 'gradientNorm'>> {
    const { options, optimizer, sum, task } = this;
    const rate = learningRate(this.step, this.schedule);
    const parts = microBatches(batch, options.microBatchTokens);
    let loss = 0;
    let weights = 0;
    sum.clear();
    for (const [part, rows] of parts.entries()) {
      await yielder.yieldToEventLoop();
      const key = streamKey(options.seed, stepStream, this.step, part);
      const result = await task.step({ rows, length: batch.length, key }, optimizer);
      if (!Number.isFinite(result.loss)) throw this.diverged('the loss', result.loss, rate);
      const weight = result.weight ?? rows.length;
      loss += weight * result.loss;
      weights += weight;
      sum.add(result.gradients, weight, parts.length === 1);
    }
    const { gradients, weight } = sum.sum();
    const norm = gradientNorm(gradients) / weight;
    if (!Number.isFinite(norm)) throw this.diverged("the gradients' norm", norm, rate);
    const scale = clipScale(norm, options.clipNorm ?? Infinity) / weight;
    await yielder.through(optimizer.step(gradients, rate, scale));
    return { loss: loss / weights, rate, gradientNorm: norm };
  }

  /** @param done steps of this epoch that are taken */
  private evaluationDue(done: number): boolean {
    const share = Math.max(1, this.options.evaluationsPerEpoch ?? 1) / this.stepsPerEpoch;
    return Math.floor(done * share + 1e-9) > Math.floor((done - 1) * share + 1e-9);
  }

  private async evaluate(
    yielder: Yielder,
    rate: number,
    signal?: AbortSignal,
  ): Promise<{ score: number; best: boolean }> {
    const score = await this.task.evaluate(this.optimizer, signal);
    if (!Number.isFinite(score)) throw this.diverged('the score on validation', score, rate, 0);
    await yielder.yieldToEventLoop();
    this.best = judged(this.best, score, this.step);
    const best = this.best.step === this.step;
    if (best) this.bestCopy = await yielder.through(this.optimizer.copy());
    return { score, best };
  }

  private diverged(what: string, value: number, rate: number, ahead = 1): TrainingDivergedError {
    return new TrainingDivergedError(what, value, this.step + ahead, rate);
  }

  private plan(): TrainingPosition['plan'] {
    const { seed, batchRows } = this.options;
    return { rows: this.task.tokens.length, seed, batchRows, totalSteps: this.totalSteps };
  }

  private restore(saved: SavedSnapshot<TrainingPosition>): void {
    const { step, best, bestShrinks, plan } = saved.json.values;
    const [was, is] = [JSON.stringify(plan), JSON.stringify(this.plan())];
    if (was !== is) throw new Error(`The checkpoint is of another training: ${was}, not ${is}.`);
    const arrays = new SavedArrays(saved);
    this.optimizer.restore(step, arrays);
    this.best = best;
    if (best.score === null) return;
    this.bestCopy = {
      dense: arrays.array('best.dense') as Float32Array,
      tables: bestShrinks.map((shrink, t) => ({
        rows: arrays.array(`best.table${t}.rows`) as Int32Array,
        values: arrays.array(`best.table${t}.values`) as Float32Array,
        shrink,
      })),
    };
  }
}
