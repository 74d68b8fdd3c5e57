import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FineTuned, fineTune } from '../../../encoder-learning/fineTuning/fineTune';
import {
  affordableThreads,
  fineTuningSize,
  usefulThreads,
} from '../../../encoder-learning/fineTuning/fineTuningMemory';
import { FineTunerPool } from '../../../encoder-learning/fineTuning/fineTunerPool';
import { fineTuningSettings, fixedSettings } from '../../../encoder-learning/fineTuning/settings';
import { withNewHead } from '../../../encoder-learning/fineTuning/startingPoint';
import { trainingLengths } from '../../../encoder-learning/fineTuning/windows';
import { requireClassifierFile } from '../../../encoder-learning/modelFile';
import { openEncoder } from '../../../encoder-learning/openEncoder';
import {
  packParameters,
  parameterLayout,
  unpackParameters,
} from '../../../ml/transformers/parameterLayout';
import type { StageContext } from '../../../stage/stageContext';
import { labelCount, legalTransitions } from '../../../tagging/tagLabels';
import { writeEncoderBundle } from '../bundle/encoderBundle';
import type { NlpTokenOptions } from '../options';
import { readLabels, readParts, readTokenSummary, rowPart } from '../preprocess/tokenData';
import { bundleInfo } from '../train/bundleInfo';
import { computedTexts } from './computedTexts';
import { encoderFacts, tokenizerOf } from '../../../encoder-learning/encoderFacts';
import { readWords } from './readWords';
import type { FullTokenTraining } from './tokenTraining';
import { splitValidation } from './validationSplit';
import { type WordJudgement, wordsToJudge, wordsToLearn } from './wordObjective';

/** Milliseconds between two checkpoints of a long training. */
const checkpointEvery = 30_000;

/** See `fineTuneTags`. */
export function trainFull(context: StageContext, options: NlpTokenOptions): Promise<void> {
  return fineTuneTags(context, options, checkpointEvery);
}

/**
 * Trains an encoder whole, with a new head on the states of the words' first tokens. A tenth of the rows
 * to learn from says which epoch was best. What was put aside to measure stays unseen: training again on
 * all rows would take as long again, so the model that is measured is the one deployed.
 */
export async function fineTuneTags(
  context: StageContext,
  options: NlpTokenOptions,
  every: number,
): Promise<void> {
  const { inputs, outputs } = context;
  const { seed } = options;
  const choice = options.encoder!;
  const preprocess = join(inputs, 'preprocess');
  const summary = readTokenSummary(preprocess);
  const { tags, unit } = summary;
  const classes = labelCount(tags.length);
  const encoder = openEncoder(join(inputs, 'encoder'), choice, (config) =>
    requireClassifierFile(config, classes),
  );
  const rowLabels = readLabels(preprocess);
  const parts = readParts(preprocess);
  const toLearn = Int32Array.from(parts.keys()).filter((row) => parts[row] !== rowPart.test);
  const rows = splitValidation(inputs, rowLabels, toLearn, { seed, tags: tags.length });
  context.progress({ done: 0, unit: 'steps', detail: 'reading texts' });
  const source = { ...encoder, length: choice.max_length, unit, ...rowLabels };
  const train = await readWords(context, source, rows.train);
  const validation = await readWords(context, source, rows.validation);

  const { config } = encoder;
  const layout = parameterLayout(config, classes);
  const start = packParameters(layout, config, withNewHead(encoder.weights, config, classes, seed));
  const transitions = { ...legalTransitions(tags.length), scores: new Float64Array(classes ** 2) };
  const toTrain = wordsToLearn(train, classes);
  const toJudge = wordsToJudge(validation, transitions);
  const lengths = trainingLengths([...toTrain.rows, ...toJudge.rows].map(({ length }) => length));
  const settings = fineTuningSettings(options, config, train.windows.length);
  const { batchRows } = settings;
  const size = fineTuningSize(config, layout, [toTrain, toJudge], { lengths, batchRows });
  const threads = affordableThreads(size, usefulThreads(context.cores, size), context.memoryMb);
  const shared = new SharedArrayBuffer(4 * layout.length);
  const { dropout } = fixedSettings;
  const head = { config, labels: classes, head: 'tokens', dropout, parameters: shared } as const;
  const pool = new FineTunerPool(threads, head);
  let tuned: FineTuned<WordJudgement>;
  try {
    const data = { config, start, train: toTrain, validation: toJudge, lengths, shared };
    tuned = await fineTune(context, data, layout, pool, { ...settings, seed }, every);
  } finally {
    await pool.close();
  }
  const { result, history, validation: judged } = tuned;
  await writeEncoderBundle(join(outputs, 'model'), {
    config,
    weights: unpackParameters(layout, result.parameters),
    tags,
    unit,
    choice,
    tokenizerFile: tokenizerOf(inputs),
    info: bundleInfo(options, summary),
    computed: computedTexts(inputs, unit, rows.validation, (place) => judged.scores[place]!),
  });
  const written: FullTokenTraining = {
    format: 1,
    algorithm: 'an encoder fine-tuned whole with AdamW',
    encoder: encoderFacts(choice, encoder),
    rows: summary.rows,
    tokens: summary.tokens,
    labels: classes,
    trained_rows: rows.train.length,
    validation_rows: rows.validation.length,
    windows: train.windows.length,
    epochs: { most: settings.epochs, done: history.length },
    batch_size: batchRows,
    learning_rate: settings.rate,
    warmup: fixedSettings.warmup,
    weight_decay: fixedSettings.weightDecay,
    clip_norm: fixedSettings.clipNorm,
    dropout,
    patience: fixedSettings.patience,
    lengths,
    steps: { done: result.steps, best: result.bestStep },
    stopped_early: result.stoppedEarly,
    history,
    refitted_on_all_rows: false,
  };
  writeFileSync(join(outputs, 'train.json'), `${JSON.stringify(written, null, 1)}\n`);
}
