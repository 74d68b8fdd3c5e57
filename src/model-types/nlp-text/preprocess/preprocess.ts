import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageContext } from '../../../stage/stageContext';
import { openDataset, type Dataset } from '../../../data/datasetReader';
import { TrainyardError } from '../../../errors';
import { Featurizer } from '../../../ml/text/featurizer';
import { defaultFeaturizer } from '../../../ml/text/featurizerSpec';
import type { BundleManifest } from '../bundle/bundleManifest';
import { featureFiles, rowPart, type FeatureSummary } from './features';
import { writeArray } from '../../../support/arrayFiles';
import { FeatureWriter } from './featureWriter';
import { encoderWithBase } from '../../../encoder-learning/encoderChoice';
import { isListCell, labelsOf } from '../../../classification/labelCell';
import { checkLabels, LabelTable, numberLabels } from '../../../classification/labelTable';
import {
  warnOfFewRows,
  warnOfNearLabels,
  warnOfUnknownLabels,
} from '../../../classification/labelWarnings';
import { nextTurn } from '../../../stage/nextTurn';
import type { NlpTextOptions } from '../options';
import { readRehearsal, type Rehearsal } from '../train/rehearsal';
import { splitRows } from '../../../classification/splitRows';
import { whyNothingAside } from '../../../classification/whyNothingAside';
import { TextGroups } from '../../../classification/textGroups';

/** Rows between two looks at the abort signal; blocks also end after 8 MiB of text. */
const rowsPerTurn = 512;

/** Extracted rows → hashed n-grams, label numbers and the split; see FeatureSummary. */
export async function preprocess(context: StageContext, options: NlpTextOptions): Promise<void> {
  const base = await readBase(join(context.inputs, 'base'), options);
  const extract = join(context.inputs, 'extract');
  const train = openDataset(join(extract, 'train'));
  try {
    const testFiles = join(extract, 'test');
    const test = existsSync(testFiles) ? openDataset(testFiles) : undefined;
    try {
      const delimiter = options.label_delimiter;
      const many =
        delimiter !== null ||
        base?.head === 'sigmoid' ||
        (await hasLists(context, [train, ...(test ? [test] : [])]));
      const head = many ? 'sigmoid' : 'softmax';
      const table = await countLabels(context, train, delimiter);
      if (many && base?.head === 'softmax') throw oneLabelOnly();
      const labels = table.order(base?.labels ?? []);
      const nTargetClasses = base ? base.n_target_classes : options.n_target_classes;
      checkLabels(labels, table, nTargetClasses, head);
      warnOfFewRows(context, table, labels.slice(base?.labels.length ?? 0));
      const unknown = test && (await labelsOnlyIn(context, test, labels, delimiter));
      if (unknown) warnOfUnknownLabels(context, unknown);
      warnOfNearLabels(context, labels, table, unknown);
      const featurizer = base?.featurizer ?? defaultFeaturizer;
      const rows = await writeRows(context, train, labels, delimiter, featurizer, base?.rehearsal);
      const split = chooseSplit(context, options, rows, labels, test?.rows ?? 0);
      const summary: FeatureSummary = {
        format: 1,
        featurizer,
        head,
        labels,
        nTargetClasses,
        seed: options.seed,
        dataHash: train.schema.rowHash,
        rows: train.rows,
        baseRows: rows.baseRows,
        split,
        labelRows: labels.map((label) => table.rowsOf(label)),
      };
      const path = join(context.outputs, featureFiles.summary);
      writeFileSync(path, `${JSON.stringify(summary, null, 1)}\n`);
    } finally {
      test?.close();
    }
  } finally {
    train.close();
  }
}

/** A base model's description, and the rows that it remembers. */
interface Base extends BundleManifest {
  rehearsal: Rehearsal | undefined;
}

async function readBase(dir: string, options: NlpTextOptions): Promise<Base | undefined> {
  if (!existsSync(dir)) return undefined;
  if (options.encoder) throw encoderWithBase();
  // Loaded only for a base model: checking manifests takes a tenth of a second to load.
  const { readBundle, readRehearsalFile } = await import('../bundle/bundle.js');
  const { manifest } = readBundle(dir);
  const packed = readRehearsalFile(dir);
  return { ...manifest, rehearsal: packed && readRehearsal(packed) };
}

/** Such a base model has learned that one label shuts out the others. */
function oneLabelOnly(): TrainyardError {
  return new TrainyardError(
    'config',
    'base_head',
    'the base model gives each text one label, and these rows have lists of labels. Give each text one label, ' +
      'or leave base_model_id out and train a new model.',
  );
}

/** Whether some row has its labels as a list: then every text may have any number of them. */
async function hasLists(context: StageContext, parts: readonly Dataset[]): Promise<boolean> {
  for (const rows of parts) {
    for (const block of rows.blocks(['label'])) {
      if (block.values.label.some(isListCell)) return true;
      await nextTurn(context);
    }
  }
  return false;
}

async function countLabels(
  context: StageContext,
  rows: Dataset,
  delimiter: string | null,
): Promise<LabelTable> {
  const table = new LabelTable();
  for (const block of rows.blocks(['label'])) {
    for (const cell of block.values.label) table.add(labelsOf(cell, delimiter));
    await nextTurn(context);
  }
  return table;
}

/** The labels of test rows that are none of `known`. */
async function labelsOnlyIn(
  context: StageContext,
  test: Dataset,
  known: readonly string[],
  delimiter: string | null,
): Promise<LabelTable> {
  const numbers = numberLabels(known);
  const unknown = new LabelTable();
  for (const block of test.blocks(['label'])) {
    for (const cell of block.values.label) {
      unknown.add(labelsOf(cell, delimiter).filter((label) => !numbers.has(label)));
    }
    await nextTurn(context);
  }
  return unknown;
}

interface WrittenRows {
  groups: TextGroups;
  /** The first label of each row; labels.length for a row without. */
  firstLabels: Int32Array;
  /** Rows that a base model remembers, written after the others. */
  baseRows: number;
}

async function writeRows(
  context: StageContext,
  train: Dataset,
  labels: readonly string[],
  delimiter: string | null,
  spec: FeatureSummary['featurizer'],
  rehearsal: Rehearsal | undefined,
): Promise<WrittenRows> {
  const numbers = numberLabels(labels);
  const featurizer = new Featurizer(spec);
  const writer = new FeatureWriter(context.outputs);
  const groups = new TextGroups();
  const baseRows = rehearsal ? rehearsal.starts.length - 1 : 0;
  const labelStarts = new Float64Array(train.rows + baseRows + 1);
  const firstLabels = new Int32Array(train.rows);
  const labelNumbers: number[] = [];
  try {
    for (const block of train.blocks(['text', 'label'], rowsPerTurn)) {
      block.values.text.forEach((text, i) => {
        const row = block.start + i;
        const own = labelsOf(block.values.label[i]!, delimiter).map((l) => numbers.get(l)!);
        for (const label of own) labelNumbers.push(label);
        labelStarts[row + 1] = labelNumbers.length;
        firstLabels[row] = own[0] ?? labels.length;
        const { buckets, counts, size } = featurizer.count(text);
        writer.append(buckets, counts, size);
        groups.add(featurizer.text.trim());
      });
      const done = block.start + block.rows;
      context.progress({ done, total: train.rows, unit: 'rows' });
      await nextTurn(context);
    }
    for (let i = 0; i < baseRows; i++) {
      const { starts, buckets, counts } = rehearsal!;
      const [from, to] = [starts[i]!, starts[i + 1]!];
      writer.append(buckets.subarray(from, to), counts.subarray(from, to), to - from);
      const own = rehearsal!.labels.subarray(
        rehearsal!.labelStarts[i],
        rehearsal!.labelStarts[i + 1],
      );
      for (const label of own) labelNumbers.push(label);
      labelStarts[train.rows + i + 1] = labelNumbers.length;
    }
  } finally {
    writer.close();
  }
  writeArray(context.outputs, featureFiles.labelStarts, labelStarts);
  writeArray(context.outputs, featureFiles.labels, Int32Array.from(labelNumbers));
  const alone = Int32Array.from({ length: baseRows }, (_, i) => train.rows + i);
  const first = Int32Array.from([...groups.first(), ...alone]);
  writeArray(context.outputs, featureFiles.groups, first);
  return { groups, firstLabels, baseRows };
}

function chooseSplit(
  context: StageContext,
  options: NlpTextOptions,
  { groups, firstLabels, baseRows }: WrittenRows,
  labels: readonly string[],
  testRows: number,
): FeatureSummary['split'] {
  const kind =
    testRows > 0
      ? 'test_files'
      : options.test_split !== null
        ? 'test_split'
        : options.holdout > 0
          ? 'holdout'
          : 'none';
  const share =
    kind === 'test_split' ? options.test_split! : kind === 'holdout' ? options.holdout : 0;
  const aside = splitRows(groups.first(), firstLabels, labels.length + 1, share, options.seed);
  const parts = new Uint8Array(groups.rows + baseRows).fill(rowPart.base, groups.rows);
  for (let row = 0; row < groups.rows; row++) {
    parts[row] = aside[row] === 1 ? rowPart.test : rowPart.train;
  }
  writeArray(context.outputs, featureFiles.parts, parts);
  if (share === 0) return { kind, testRows };
  const rows = aside.reduce((a, b) => a + b, 0);
  if (rows > 0) return { kind, testRows: rows };
  context.warn({
    code: 'no_test_rows',
    message:
      `no row was put aside, so nothing says how good the model is: ` +
      whyNothingAside(groups.first(), firstLabels, [...labels, 'no label'], share) +
      ' Or give test_files.',
  });
  return { kind: 'none', testRows: 0 };
}
