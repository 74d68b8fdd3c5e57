import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageContext } from '../../../stage/stageContext';
import { openDataset } from '../../../data/datasetReader';
import type { LoadedEncoder } from '../../../encoders/encoderFolder';
import { calibratedHead, calibratedThresholds } from '../../../ml/heads/calibratedHead';
import type { LinearHead } from '../../../ml/heads/head';
import { heldOut } from '../../../ml/heads/heldOut';
import type { TokenizedCounts } from '../../../ml/transformers/files/tokenizer/tokenizeTexts';
import {
  headNames,
  packParameters,
  parameterLayout,
  unpackParameters,
} from '../../../ml/transformers/parameterLayout';
import { bundleInfo } from '../bundle/bundle';
import { nextTurn } from '../../../stage/nextTurn';
import type { NlpTextOptions } from '../options';
import { loadRows, type LoadedRows } from '../train/trainRows';
import { encoderFacts, tokenizerOf } from '../../../encoder-learning/encoderFacts';
import type { EncoderClassifier } from './classifierGraph';
import { writeEncoderBundle } from './encoderBundle';
import type { EncoderChoice } from '../../../encoder-learning/encoderChoice';
import type { FullTraining } from './encoderTraining';
import { type FineTuned, fineTune } from '../../../encoder-learning/fineTuning/fineTune';
import {
  affordableThreads,
  fineTuningBytes,
  fineTuningSize,
  usefulThreads,
} from '../../../encoder-learning/fineTuning/fineTuningMemory';
import { FineTunerPool } from '../../../encoder-learning/fineTuning/fineTunerPool';
import { fineTuningSettings, fixedSettings } from '../../../encoder-learning/fineTuning/settings';
import { withNewHead } from '../../../encoder-learning/fineTuning/startingPoint';
import { splitValidation } from './validationSplit';
import {
  type TextJudgement,
  textsToJudge,
  textsToLearn,
} from '../../../encoder-learning/fineTuning/textObjective';
import {
  type LabelledWindows,
  labelledWindows,
  trainingLengths,
} from '../../../encoder-learning/fineTuning/windows';
import { requireClassifierFile } from '../../../encoder-learning/modelFile';
import { openEncoder } from '../../../encoder-learning/openEncoder';
import { readTexts } from '../../../encoder-learning/readTexts';
import { chooseRows, rowsToLearn } from './rowsToLearn';
import { addCounts, warnOfTexts } from '../../../encoder-learning/textCounts';
import { tryQuantized } from './tryQuantized';
import { validationOf } from './validation';

/** Milliseconds between two checkpoints of a long training. */
const checkpointEvery = 30_000;

/** See `fineTuneText`. */
export function trainFull(context: StageContext, options: NlpTextOptions): Promise<void> {
  return fineTuneText(context, options, checkpointEvery);
}

/**
 * Trains an encoder whole, with a new head on its pooled states. A tenth of the rows to learn from says
 * which epoch was best, calibrates, and chooses thresholds. What was put aside to measure stays unseen:
 * training again on all rows would take as long again, so the model that is measured is the one deployed.
 */
export async function fineTuneText(
  context: StageContext,
  options: NlpTextOptions,
  every: number,
): Promise<void> {
  const { inputs, outputs } = context;
  const choice = options.encoder!;
  const loaded = loadRows(join(inputs, 'preprocess'));
  const { summary } = loaded;
  const labels = summary.labels.length;
  const encoder = openEncoder(join(inputs, 'encoder'), choice, (config) =>
    requireClassifierFile(config, labels),
  );
  const rows = splitValidation(loaded, rowsToLearn(loaded, 'train part'));
  context.progress({ done: 0, unit: 'steps', detail: 'reading texts' });
  const train = await readRows(context, loaded, encoder, choice, rows.train);
  const validation = await readRows(context, loaded, encoder, choice, rows.validation);
  const counts = addCounts(train.counts, validation.counts);
  warnOfTexts(context, counts, choice);

  const { config } = encoder;
  const layout = parameterLayout(config, labels);
  const start = packParameters(
    layout,
    config,
    withNewHead(encoder.weights, config, labels, options.seed),
  );
  const allTokens = [train, validation].flatMap(({ windows }) => windows.rows.map((r) => r.length));
  const lengths = trainingLengths(allTokens);
  const settings = fineTuningSettings(options, config, train.windows.rows.length);
  const size = fineTuningSize(config, layout, [train.windows, validation.windows], {
    lengths,
    batchRows: settings.batchRows,
  });
  const threads = affordableThreads(size, usefulThreads(context.cores, size), context.memoryMb);
  const shared = new SharedArrayBuffer(4 * layout.length);
  const pool = new FineTunerPool(threads, {
    config,
    labels,
    head: summary.head,
    dropout: fixedSettings.dropout,
    parameters: shared,
  });
  let tuned: FineTuned<TextJudgement>;
  try {
    const data = {
      config,
      start,
      train: textsToLearn(train.windows),
      validation: textsToJudge(validation.windows),
      lengths,
      shared,
    };
    tuned = await fineTune(context, data, layout, pool, { ...settings, seed: options.seed }, every);
  } finally {
    await pool.close();
  }
  const weights = unpackParameters(layout, tuned.result.parameters);
  const classifier: EncoderClassifier = {
    config,
    weights,
    normalize: false,
    head: headOf(weights, tuned, validation.windows, config.hidden),
  };
  const { scale, shift } = tuned.validation.calibration;
  const judged = validationOf(inputs, loaded, rows.validation);
  const quantization = choice.quantize
    ? await tryQuantized(classifier, choice, tokenizerOf(inputs), judged, () => nextTurn(context))
    : null;
  const { precision } = await writeEncoderBundle(join(outputs, 'model'), {
    ...classifier,
    labels: summary.labels,
    choice,
    tokenizerFile: tokenizerOf(inputs),
    quantize: quantization?.kept ?? false,
    info: bundleInfo(options, summary),
    computed: {
      texts: judged.texts.slice(0, 8),
      logits: tuned.validation.logits.map((logit) => scale * logit + shift),
    },
  });
  const { result, history } = tuned;
  const written: FullTraining = {
    format: 1,
    algorithm: 'an encoder fine-tuned whole with AdamW',
    encoder: encoderFacts(choice, encoder),
    head: summary.head,
    rows: summary.rows,
    trained_rows: rows.train.length,
    validation_rows: rows.validation.length,
    windows: train.windows.rows.length,
    labels,
    texts: counts,
    epochs: { most: settings.epochs, done: history.length },
    batch_size: settings.batchRows,
    learning_rate: settings.rate,
    warmup: fixedSettings.warmup,
    weight_decay: fixedSettings.weightDecay,
    clip_norm: fixedSettings.clipNorm,
    dropout: fixedSettings.dropout,
    patience: fixedSettings.patience,
    lengths,
    memory_mb: {
      one_thread: toMb(fineTuningBytes(size, 1)),
      two_threads: toMb(fineTuningBytes(size, 2)),
    },
    steps: { done: result.steps, best: result.bestStep },
    stopped_early: result.stoppedEarly,
    history,
    calibration: { scale, shift },
    refitted_on_all_rows: false,
    precision,
    quantization,
  };
  writeFileSync(join(outputs, 'train.json'), `${JSON.stringify(written, null, 1)}\n`);
}

const toMb = (bytes: number): number => Math.ceil(bytes / 2 ** 20);

async function readRows(
  context: StageContext,
  loaded: LoadedRows,
  { tokenizer }: LoadedEncoder,
  choice: EncoderChoice,
  rows: Int32Array,
): Promise<{ windows: LabelledWindows; counts: TokenizedCounts }> {
  const dataset = openDataset(join(context.inputs, 'extract', 'train'));
  try {
    const texts = (function* (): Generator<string, void> {
      for (const row of rows) yield dataset.get('text', row);
    })();
    const tokenized = await readTexts(tokenizer, texts, choice, () => nextTurn(context));
    const { labels } = chooseRows(loaded, rows);
    return { windows: labelledWindows(tokenized, labels), counts: tokenized.counts };
  } finally {
    dataset.close();
  }
}

/** The head that was learnt, calibrated, with thresholds where a text has many labels. */
function headOf(
  weights: ReadonlyMap<string, Float32Array>,
  { validation: { logits, calibration } }: FineTuned<TextJudgement>,
  { labels }: LabelledWindows,
  width: number,
): LinearHead {
  const { kind, classes } = labels;
  const plain: LinearHead = {
    kind,
    classes,
    width,
    weights: weights.get(headNames.weight)!,
    bias: weights.get(headNames.bias)!,
  };
  const head = calibratedHead(plain, calibration);
  if (kind === 'softmax' || logits.length === 0) return head;
  const places = Array.from({ length: logits.length / classes }, (_, i) => i);
  const held = { ...heldOut(labels, places), logits };
  return { ...head, thresholds: calibratedThresholds(held, calibration, 'macro-f1') };
}
