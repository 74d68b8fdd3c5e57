import type { StageContext } from '../../stage/stageContext';
import { TrainyardError } from '../../errors';
import { hasDecay, parameterGroups } from '../../ml/nn/optimizer/parameterGroups';
import type { ParameterView } from '../../ml/nn/optimizer/parameters';
import { TrainingDivergedError } from '../../ml/nn/training/divergence';
import type { StepReport, TrainingOptions, TrainingResult } from '../../ml/nn/training/task';
import { Training } from '../../ml/nn/training/training';
import type { ParameterLayout } from '../../ml/transformers/parameterLayout';
import {
  checkpointParts,
  type EpochRecord,
  type TrainingProgress,
  withCheckpoint,
} from './fineTuningCheckpoint';
import type { Judgement } from './objective';
import { FineTuningTask, type FineTuningData } from './fineTuningTask';
import type { FineTunerPool } from './fineTunerPool';
import { fixedSettings, type FineTuningSettings } from './settings';

/** What fine-tuning found. */
export interface FineTuned<Found extends Judgement> {
  result: TrainingResult;
  history: EpochRecord[];
  /** What the best parameters are worth on the validation part. */
  validation: Found;
}

/** A training, begun or taken up again, and how it went so far. */
interface Running {
  training: Training;
  progress: TrainingProgress;
}

/**
 * Trains all weights, with a checkpoint now and then: one that goes on from it ends in the same bytes.
 *
 * @param every milliseconds between two checkpoints after a while; fewer at first, more when saving is slow
 */
export async function fineTune<Found extends Judgement>(
  context: StageContext,
  data: FineTuningData<Found>,
  layout: ParameterLayout,
  pool: FineTunerPool,
  settings: FineTuningSettings & { seed: number },
  every: number,
): Promise<FineTuned<Found>> {
  let validated = data.validation.unmeasured;
  const task: FineTuningTask<Found> = new FineTuningTask(
    data,
    pool,
    context.signal,
    ({ measures }) => (validated = measures),
    () => training.step,
  );
  const { training, progress } = withCheckpoint(context, (saved): Running => ({
    training: new Training(task, optionsOf(data, layout, settings), saved?.training),
    progress: saved?.progress ?? { history: [], lossSum: 0, steps: 0 },
  }));
  const saver = new Saver(context, every);
  try {
    for await (const report of training.steps(context.signal)) {
      progress.lossSum += report.loss;
      progress.steps++;
      tell(context, report, settings.epochs);
      if (report.evaluation) {
        closeEpoch(context, progress, { epoch: report.epoch + 1, ...validated });
      }
      await saver.save(() => checkpointParts(training.checkpoint(), progress));
    }
  } catch (error) {
    throw error instanceof TrainingDivergedError ? diverged(error) : error;
  }
  const result = training.result();
  const validation = await task.judged(viewOf(result, data));
  return { result, history: progress.history, validation };
}

function optionsOf(
  { lengths }: Pick<FineTuningData<Judgement>, 'lengths'>,
  layout: ParameterLayout,
  { epochs, batchRows, rate, seed }: FineTuningSettings & { seed: number },
): TrainingOptions {
  const { warmup, weightDecay, clipNorm, patience } = fixedSettings;
  return {
    epochs,
    batchRows,
    // The task cuts batches itself.
    microBatchTokens: batchRows * lengths.at(-1)!,
    lengths,
    seed,
    rate,
    warmup,
    clipNorm,
    patience,
    groups: parameterGroups(layout.spans, { weightDecay }),
    tables: layout.tables.map(({ name }) => ({
      weightDecay: hasDecay(name) ? weightDecay : 0,
    })),
  };
}

function tell(
  context: StageContext,
  { step, totalSteps, epoch, loss }: StepReport,
  epochs: number,
) {
  const detail = `epoch ${epoch + 1} of ${epochs}, loss ${loss.toPrecision(3)}`;
  context.progress({ done: step, total: totalSteps, unit: 'steps', detail });
}

function closeEpoch(
  context: StageContext,
  progress: TrainingProgress,
  found: Omit<EpochRecord, 'train_loss'>,
): void {
  const record: EpochRecord = { ...found, train_loss: progress.lossSum / progress.steps };
  progress.history.push(record);
  progress.lossSum = 0;
  progress.steps = 0;
  const { epoch, ...values } = record;
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'number') context.metric(name, epoch, value);
  }
}

/** The first checkpoint of an attempt comes so soon, so that one that dies early gets further too. */
const firstCheckpoint = 2000;

/**
 * Saves checkpoints: they hold all weights four times and more, so the time between them doubles up to
 * `most` milliseconds, and is ten times what saving took at least.
 */
class Saver {
  private step: number;
  private interval: number;
  private next: number;

  constructor(
    private readonly context: StageContext,
    private readonly most: number,
  ) {
    this.step = context.resume?.step ?? 0;
    this.interval = Math.min(firstCheckpoint, most);
    this.next = performance.now() + this.interval;
  }

  async save(parts: () => readonly Uint8Array[]): Promise<void> {
    const start = performance.now();
    if (start < this.next && !this.context.checkpointRequested) return;
    await this.context.checkpoint(++this.step, parts());
    const end = performance.now();
    this.interval = Math.min(this.most, 2 * this.interval);
    this.next = end + Math.max(this.interval, 10 * (end - start));
  }
}

function viewOf(
  { parameters }: TrainingResult,
  { start }: Pick<FineTuningData<Judgement>, 'start'>,
): ParameterView {
  return {
    dense: parameters.dense,
    tables: start.tables.map(({ width }, t) => {
      const values = parameters.tables[t]!;
      return {
        rows: values.length / width,
        width,
        gather: (rows, into) =>
          rows.forEach((row, i) => {
            into.set(values.subarray(row * width, (row + 1) * width), i * width);
          }),
      };
    }),
  };
}

function diverged(error: TrainingDivergedError): TrainyardError {
  return new TrainyardError('config', 'training_diverged', error.message);
}
