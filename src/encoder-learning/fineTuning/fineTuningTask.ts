import { calibrate, type HeadCalibration, heldOut } from '../../ml/heads/heldOut';
import type { Gradients, ParameterSet, ParameterView } from '../../ml/nn/optimizer/parameters';
import { bucketBatches, microBatches } from '../../ml/nn/training/batches';
import type { MicroBatch, StepResult, TrainingTask } from '../../ml/nn/training/task';
import { streamKey } from '../../ml/random/counterRandom';
import type { EncoderConfig } from '../../ml/transformers/encoderConfig';
import { positionRows, type TokenBatch, tokenBatch } from '../../ml/transformers/tokenBatch';
import { untilAborted } from '../../stage/untilAborted';
import { WindowMeans } from '../windowMeans';
import type { FineTunerPool } from './fineTunerPool';
import type { ScoreJob, StepJob, TokenRows } from './messages';
import { microBatchTokens, partTokens } from './microBatches';
import { type LabelledWindows, targetsOf, totalOf } from './windows';

export interface FineTuningData {
  config: EncoderConfig;
  start: ParameterSet;
  train: LabelledWindows;
  validation: LabelledWindows;
  /** Lengths that windows are padded to, ascending. */
  lengths: readonly number[];
  /** The dense parameters as the threads see them. */
  shared: SharedArrayBuffer;
}

/** Optimizer batches are cut into micro-batches here, so that threads compute them side by side. */
export class FineTuningTask implements TrainingTask {
  readonly tokens: Int32Array;
  readonly start: ParameterSet;
  private readonly shared: Float32Array;
  private readonly sum: Float32Array;
  private version = 0;

  constructor(
    private readonly data: FineTuningData,
    private readonly pool: FineTunerPool,
    private readonly signal: AbortSignal,
    /** Told of each evaluation on the validation part. */
    private readonly onCalibration: (found: HeadCalibration, accuracy: number | null) => void,
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
    const total = totalOf(train, rows);
    const parts = microBatches({ rows, length }, partTokens(rows.length, length));
    const batches = parts.map((part) => this.batchOf(train, part, length));
    const jobOf = (i: number): StepJob => ({
      type: 'step',
      ...this.tokenRows(batches[i]!, parameters),
      targets: targetsOf(train, parts[i]!),
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
    const weight = train.labels.kind === 'softmax' ? total : rows.length;
    return { loss, gradients, weight };
  }

  async evaluate(parameters: ParameterView): Promise<number> {
    const { validation } = this.data;
    if (validation.rows.length === 0) return this.fallbackScore();
    const found = await this.calibrated(parameters);
    this.onCalibration(found.calibration, found.accuracy);
    return -found.calibration.loss;
  }

  /** Logits of the validation texts, texts × labels, and the calibration that suits them. */
  async calibrated(parameters: ParameterView): Promise<{
    logits: Float32Array;
    calibration: HeadCalibration;
    accuracy: number | null;
  }> {
    const { labels } = this.data.validation;
    const logits = await this.validationLogits(parameters);
    const texts = logits.length / labels.classes;
    const places = Array.from({ length: texts }, (_, i) => i);
    const calibration = calibrate({ ...heldOut(labels, places), logits });
    if (labels.kind === 'sigmoid' || texts === 0) return { logits, calibration, accuracy: null };
    const right = places.filter((text) => {
      const own = logits.subarray(text * labels.classes, (text + 1) * labels.classes);
      return own.indexOf(own.reduce((a, b) => Math.max(a, b))) === labels.classOf[text];
    });
    return { logits, calibration, accuracy: right.length / texts };
  }

  private async validationLogits(parameters: ParameterView): Promise<Float32Array> {
    const { validation, lengths } = this.data;
    const { classes } = validation.labels;
    this.publish(parameters);
    const texts = validation.texts.length === 0 ? 0 : validation.texts.at(-1)! + 1;
    const sums = new WindowMeans(texts, classes);
    const parts = [...bucketBatches(validation.rows, lengths, microBatchTokens)];
    const jobOf = (i: number): ScoreJob => {
      const { rows: windows, length, most } = parts[i]!;
      // Filled up with the first, so that there is one shape, and one session, for each length.
      const filled = Int32Array.from({ length: most }, (_, i) => windows[i] ?? windows[0]!);
      const batch = this.batchOf(validation, filled, length);
      return { type: 'score', ...this.tokenRows(batch, parameters) };
    };
    const work = this.pool.run(parts.length, jobOf, (job, { logits }) =>
      parts[job]!.rows.forEach((window, i) =>
        sums.add(
          validation.texts[window]!,
          validation.rows[window]!.length,
          logits.subarray(i * classes, (i + 1) * classes),
        ),
      ),
    );
    await untilAborted(this.signal, work);
    return sums.all();
  }

  private publish({ dense }: ParameterView): void {
    this.shared.set(dense);
    this.version++;
  }

  private batchOf({ rows }: LabelledWindows, windows: Int32Array, length: number): TokenBatch {
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
