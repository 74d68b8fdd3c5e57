import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageContext } from '../../../stage/stageContext';
import { openDataset } from '../../../data/dataset';
import { counted } from '../../../support/words';
import { checkData, type DataChecks } from '../../../classification/checks';
import type { Evaluation, NotMeasured } from './evaluation';
import { readFeatureSummary } from '../preprocess/features';
import { type HeldOut, openHeldOut } from './heldOut';
import { measure, type Measured } from './measure';
import { nextTurn } from '../../../stage/nextTurn';
import type { NlpTextOptions } from '../options';
import { type BundleScorer, openScorer } from '../predict/scorer';
import { findWrongLabels } from './findWrongLabels';
import { quoted } from '../../../classification/labelTable';
import { notMeasured } from './notMeasured';

/**
 * Measures the model on the rows that were kept from training, looks the data over, and leaves
 * `evaluation.json` (Evaluation). After a holdout the deployed model has seen every row, so the one that
 * was trained without them is measured in its place. A base model in `base/` is measured as well.
 */
export async function evaluate(context: StageContext, options: NlpTextOptions): Promise<void> {
  const { inputs } = context;
  const heldOut = openHeldOut(inputs);
  const model = await openScorer(join(inputs, 'train', 'model'), context.cores);
  try {
    const standIn = join(inputs, 'train', 'holdout-model');
    const refitted = existsSync(standIn);
    const results = refitted
      ? await measureBundle(context, options, heldOut, standIn)
      : await measureOn(context, options, heldOut, model);
    const checks = await lookOver(context, options);
    warnOf(context, checks);
    const gaps = notMeasured(results.classes, model.manifest.labels, checks);
    if (heldOut.kind !== 'none') warnOfGaps(context, gaps, model.manifest.labels.length);
    const evaluation: Evaluation = {
      holdout: { kind: heldOut.kind, rows: heldOut.rows },
      refitted,
      head: model.manifest.head,
      ...results,
      not_measured: gaps,
      base: await measureBase(context, options, heldOut),
      checks,
      likely_wrong_labels: findWrongLabels(inputs),
      model: describeModel(model),
      latency_seconds: await probe(model, heldOut),
    };
    const path = join(context.outputs, 'evaluation.json');
    writeFileSync(path, `${JSON.stringify(evaluation, null, 1)}\n`);
  } finally {
    heldOut.close();
    await model.close();
  }
}

async function measureBase(
  context: StageContext,
  options: NlpTextOptions,
  heldOut: HeldOut,
): Promise<Evaluation['base']> {
  const dir = join(context.inputs, 'base');
  if (!existsSync(dir) || heldOut.kind === 'none') return null;
  const { scores, classes } = await measureBundle(context, options, heldOut, dir);
  return { scores, classes };
}

async function measureBundle(
  context: StageContext,
  options: NlpTextOptions,
  heldOut: HeldOut,
  dir: string,
): Promise<Measured> {
  const scorer = await openScorer(dir, context.cores);
  try {
    return await measureOn(context, options, heldOut, scorer);
  } finally {
    await scorer.close();
  }
}

function measureOn(
  context: StageContext,
  { label_delimiter }: NlpTextOptions,
  heldOut: HeldOut,
  scorer: BundleScorer,
): Promise<Measured> {
  const onRows = async (done: number): Promise<void> => {
    context.progress({ done, total: heldOut.rows, unit: 'rows' });
    await nextTurn(context);
  };
  return measure(scorer, heldOut, label_delimiter, onRows, context.signal);
}

async function lookOver(context: StageContext, options: NlpTextOptions): Promise<DataChecks> {
  const extract = join(context.inputs, 'extract');
  const train = openDataset(join(extract, 'train'));
  const testFiles = join(extract, 'test');
  const test = existsSync(testFiles) ? openDataset(testFiles) : undefined;
  try {
    return await checkData(train, test, {
      labelDelimiter: options.label_delimiter,
      maxCharacters: readFeatureSummary(join(context.inputs, 'preprocess')).featurizer
        .maxCharacters,
      onRows: () => nextTurn(context),
    });
  } finally {
    train.close();
    test?.close();
  }
}

function warnOf(context: StageContext, { empty_texts, conflicts, overlap }: DataChecks): void {
  const warn = (code: string, count: number, of: string, what: string): void => {
    if (count === 0) return;
    const rows = counted(count, `${of}row has`, `${of}rows have`);
    const where = count === 1 ? 'The report shows it.' : 'The report shows the first.';
    context.warn({ code, message: `${rows} ${what} ${where}` });
  };
  warn('empty_text', empty_texts.count, '', 'an empty text.');
  warn(
    'conflicting_labels',
    conflicts.count,
    'train ',
    'the text of an earlier row and another label.',
  );
  warn(
    'train_test_overlap',
    overlap.count,
    'test ',
    'the text of a train row: the scores look better than the model is.',
  );
}

function warnOfGaps(
  context: StageContext,
  { labels_without_rows: { count, examples } }: NotMeasured,
  labels: number,
): void {
  if (count === 0) return;
  const names = examples.slice(0, 5).map(quoted).join(', ');
  context.warn({
    code: 'labels_not_measured',
    message: `${count} of ${labels} labels ${count === 1 ? 'has' : 'have'} no row to measure on, so the scores say nothing about ${count === 1 ? 'it' : 'them'}: ${names}${count > 5 ? ', …' : ''}`,
  });
}

function describeModel({ manifest }: BundleScorer): Evaluation['model'] {
  const { labels, precision, files } = manifest;
  const common = {
    bytes: Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0),
    labels: labels.length,
    precision,
  };
  if (manifest.kind === undefined) {
    const { rows } = manifest;
    return { parameters: (rows + 1) * labels.length, ...common, features: rows, encoder: null };
  }
  const { name, hash, family, training, parameters, hidden } = manifest.encoder;
  return {
    parameters: parameters + (hidden + 1) * labels.length,
    ...common,
    features: null,
    encoder: { name, hash, family, training },
  };
}

const probes = 30;

/** Median seconds of one prediction of one text. */
async function probe(scorer: BundleScorer, heldOut: HeldOut): Promise<number> {
  const [block] = heldOut.blocks();
  const text = block?.texts[0] ?? 'a short text';
  const seconds: number[] = [];
  // The first runs compile code and fill caches: they are not counted.
  for (let i = -5; i < probes; i++) {
    const start = performance.now();
    await scorer.score([text], () => undefined);
    if (i >= 0) seconds.push((performance.now() - start) / 1000);
  }
  return seconds.sort((a, b) => a - b)[probes >> 1]!;
}
