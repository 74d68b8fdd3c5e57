import type { Gradients, ParameterSet, ParameterView } from '../../ml/nn/optimizer/parameters';
import { bucketBatches, microBatches } from '../../ml/nn/training/batches';
import type { MicroBatch, StepResult, TrainingTask } from '../../ml/nn/training/task';
import { streamKey } from '../../ml/random/counterRandom';
import type { EncoderConfig } from '../../ml/transformers/encoderConfig';
import { positionRows, type TokenBatch, tokenBatch } from '../../ml/transformers/tokenBatch';
import { untilAborted } from '../../stage/untilAborted';
import type { FineTunerPool } from './fineTunerPool';
import type { ScoreJob, StepJob, TokenRows } from './messages';
import { microBatchTokens, partTokens } from './microBatches';
import type { Judgement, TrainWindows, ValidationWindows } from './objective';

export interface FineTuningData<Found extends Judgement> {
  config: EncoderConfig;
  start: ParameterSet;
  train: TrainWindows;
  validation: ValidationWindows<Found>;
  /** Lengths that windows are padded to, ascending. */
  lengths: readonly number[];
  /** The dense parameters as the threads see them. */
  shared: SharedArrayBuffer;
}

/** Optimizer batches are cut into micro-batches here, so that threads compute them side by side. */
export class FineTuningTask<Found extends Judgement> implements TrainingTask {
  readonly tokens: Int32Array;
  readonly start: ParameterSet;
  private readonly shared: Float32Array;
  private readonly sum: Float32Array;
  private version = 0;

  constructor(
    private readonly data: FineTuningData<Found>,
    private readonly pool: FineTunerPool,
    private readonly signal: AbortSignal,
    /** Told of each evaluation on the validation part. */
    private readonly onJudged: (found: Found) => void,
    /** The score where there is nothing to validate on: later weights count as better. */
    private readonly fallbackScore: () => number,
  ) {
    this.tokens = Int32Array.from(data.train.rows, ({ length }) => length);
    this.start = data.start;
    this.shared = new Float32Array(data.shared);
    this.sum = new Float32Array(this.shared.length);
  }

  async step({ rows, length, key }: MicroBatch, parameters: ParameterView): Promise<StepResult> {
    const { train } = this.data;
    this.publish(parameters);
    const total = train.total(rows);
    const parts = microBatches({ rows, length }, partTokens(rows.length, length));
    const batches = parts.map((part) => this.batchOf(train.rows, part, length));
    const jobOf = (i: number): StepJob => ({
      type: 'step',
      ...this.tokenRows(batches[i]!, parameters),
      targets: train.targets(parts[i]!, length),
      total,
      key: streamKey(key, i),
    });
    let loss = 0;
    const embeddings: Float32Array[] = [];
    const work = this.pool.run(parts.length, jobOf, (job, result, gradients) => {
      loss += result.loss;
      embeddings.push(result.embeddings);
      if (job === 0) this.sum.set(gradients);
      else addTo(this.sum, gradients);
    });
    await untilAborted(this.signal, work);
    const gradients = this.gradientsOf(batches, embeddings);
    return { loss, gradients, weight: train.weight(rows) };
  }

  async evaluate(parameters: ParameterView): Promise<number> {
    const { validation } = this.data;
    if (validation.rows.length === 0) return this.fallbackScore();
    const found = await this.judged(parameters);
    this.onJudged(found);
    return found.score;
  }

  /** What the parameters are worth on the validation part. */
  async judged(parameters: ParameterView): Promise<Found> {
    const { validation, lengths } = this.data;
    this.publish(parameters);
    const judge = validation.judge();
    const parts = [...bucketBatches(validation.rows, lengths, microBatchTokens)];
    const jobOf = (i: number): ScoreJob => {
      const { rows: windows, length, most } = parts[i]!;
      // Filled up with the first, so that there is one shape, and one session, for each length.
      const filled = Int32Array.from({ length: most }, (_, i) => windows[i] ?? windows[0]!);
      const batch = this.batchOf(validation.rows, filled, length);
      return { type: 'score', ...this.tokenRows(batch, parameters) };
    };
    const work = this.pool.run(parts.length, jobOf, (job, { logits }) => {
      const { rows, most } = parts[job]!;
      const each = logits.length / most;
      rows.forEach((window, i) => judge.take(window, logits.subarray(i * each, (i + 1) * each)));
    });
    await untilAborted(this.signal, work);
    return judge.end();
  }

  private publish({ dense }: ParameterView): void {
    this.shared.set(dense);
    this.version++;
  }

  private batchOf(rows: readonly Int32Array[], windows: Int32Array, length: number): TokenBatch {
    const texts = Array.from(windows, (window) => rows[window]!);
    return tokenBatch(texts, length, this.data.config);
  }

  private tokenRows(batch: TokenBatch, { tables }: ParameterView): TokenRows {
    const gathered = this.tableRows(batch).map((rows, t) => {
      const into = new Float32Array(rows.length * tables[t]!.width);
      tables[t]!.gather(rows, into);
      return into;
    });
    return { batch, tables: gathered, version: this.version };
  }

  /** For each table the rows that the tokens take; of types all take the first. */
  private tableRows(batch: TokenBatch): Int32Array[] {
    const types = new Int32Array(batch.ids.length);
    const all = [batch.ids, positionRows(this.data.config, batch), types];
    return all.slice(0, this.start.tables.length);
  }

  private gradientsOf(batches: readonly TokenBatch[], embeddings: Float32Array[]): Gradients {
    const values = joined(embeddings);
    const rows = batches.map((batch) => this.tableRows(batch));
    const tables = this.start.tables.map((_, t) => ({
      rows: Int32Array.from(rows.flatMap((own) => [...own[t]!])),
      values,
    }));
    return { dense: this.sum, tables };
  }
}

function addTo(sum: Float32Array, values: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
