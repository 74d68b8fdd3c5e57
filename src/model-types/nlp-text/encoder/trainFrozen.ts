import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageContext } from '../../../stage/stageContext';
import type { LoadedEncoder } from '../../../encoders/encoderFolder';
import type { DenseFeatures } from '../../../ml/heads/denseFeatures';
import { headLogits, type LinearHead } from '../../../ml/heads/head';
import { type PartHead, type TrainedHead, trainHead } from '../../../ml/heads/trainHead';
import { bundleInfo } from '../bundle/bundle';
import { nextTurn } from '../../../stage/nextTurn';
import type { NlpTextOptions } from '../options';
import { loadRows, type LoadedRows } from '../train/trainRows';
import { encoderFacts, tokenizerOf } from '../../../encoder-learning/encoderFacts';
import { readEmbeddings } from '../../../encoder-learning/embeddings/embeddingFiles';
import { type Precision, writeEncoderBundle } from './encoderBundle';
import type { EncoderChoice } from '../../../encoder-learning/encoderChoice';
import type { FrozenTraining } from './encoderTraining';
import { processBytes, requireMemory } from '../../../encoder-learning/memory';
import { openEncoder } from '../../../encoder-learning/openEncoder';
import { type ChosenRows, chooseRows, foldsOf, rowsToLearn } from './rowsToLearn';
import { warnOfTexts } from '../../../encoder-learning/textCounts';
import { type QuantizationTrial, tryQuantized } from './tryQuantized';
import { OutOfFoldWriter } from './outOfFoldWriter';
import { validationOf } from './validation';

/** What was learnt from some rows. */
interface Learnt extends ChosenRows {
  features: DenseFeatures;
  folds: Int32Array[];
  trained: TrainedHead;
}

/**
 * Trains a head on the embeddings that the shards left in `embeddings/`. It is quick: a training that
 * was killed begins again. After a holdout, the head that is measured on it goes to `holdout-model/`,
 * and the one in `model/` is trained anew on all rows, its strength and calibration chosen there.
 */
export async function trainFrozen(context: StageContext, options: NlpTextOptions): Promise<void> {
  const { inputs, outputs, signal } = context;
  const choice = options.encoder!;
  const loaded = loadRows(join(inputs, 'preprocess'));
  const { summary } = loaded;
  const { features, counts } = readEmbeddings(join(inputs, 'embeddings'), summary.rows);
  warnOfTexts(context, counts, choice);
  const encoder = openEncoder(join(inputs, 'encoder'), choice);
  checkMemory(context, features, encoder, summary.labels.length);

  const withHoldout = summary.split.kind === 'holdout';
  const report = (done: number, detail: string): void =>
    context.progress({ done, total: withHoldout ? 2 : 1, unit: 'steps', detail });
  report(0, 'choosing a head');
  const fitted = await learn(loaded, features, 'train part', signal);
  writeUnseen(context, loaded, features, fitted);
  const quantization = choice.quantize
    ? await quantizationOf(context, loaded, choice, encoder, fitted)
    : null;
  const firstRows = Int32Array.from({ length: Math.min(8, summary.rows) }, (_, row) => row);
  const { texts } = validationOf(inputs, loaded, firstRows);
  const write = async (name: string, head: LinearHead): Promise<Precision> => {
    const { precision } = await writeEncoderBundle(join(outputs, name), {
      ...encoder,
      head,
      labels: summary.labels,
      choice,
      tokenizerFile: tokenizerOf(inputs),
      quantize: quantization?.kept ?? false,
      info: bundleInfo(options, summary),
      computed: { texts, logits: headLogits(head, featuresOf(features, firstRows)) },
    });
    return precision;
  };
  let final = fitted;
  if (withHoldout) {
    await write('holdout-model', fitted.trained.head);
    report(1, 'training on all rows');
    final = await learn(loaded, features, 'all rows', signal);
  }
  const { head, strength, trials, scale, shift } = final.trained;
  const precision = await write('model', head);
  const written: FrozenTraining = {
    format: 1,
    algorithm: 'logistic regression on the embeddings of a frozen encoder',
    encoder: encoderFacts(choice, encoder),
    head: summary.head,
    rows: summary.rows,
    labels: summary.labels.length,
    features: features.width,
    texts: counts,
    strength,
    trials,
    folds: final.folds.length,
    calibration: { scale, shift },
    refitted_on_all_rows: withHoldout,
    precision,
    quantization,
  };
  writeFileSync(join(outputs, 'train.json'), `${JSON.stringify(written, null, 1)}\n`);
}

/** Features, twice where some rows are put aside, logits held out at a few strengths, and the encoder. */
function checkMemory(
  { memoryMb }: StageContext,
  { rows, width }: DenseFeatures,
  { config, weights }: LoadedEncoder,
  labels: number,
): void {
  let encoder = 0;
  for (const values of weights.values()) encoder += values.byteLength;
  const bytes = processBytes(config) + 8 * rows * width + 24 * rows * labels + 5 * encoder;
  requireMemory(`training a head on ${rows} rows of ${width} numbers`, bytes, memoryMb);
}

async function learn(
  loaded: LoadedRows,
  all: DenseFeatures,
  wanted: 'train part' | 'all rows',
  signal: AbortSignal,
): Promise<Learnt> {
  const chosen = chooseRows(loaded, rowsToLearn(loaded, wanted));
  const folds = foldsOf(loaded, chosen);
  const features = featuresOf(all, chosen.rows);
  // One thread: ONNX Runtime cuts these products by the number of threads, which changes how sums round.
  const options = { validation: folds, threads: 1 };
  const trained = await trainHead(features, chosen.labels, options, signal);
  return { ...chosen, features, folds, trained };
}

function featuresOf({ values, rows, width }: DenseFeatures, chosen: Int32Array): DenseFeatures {
  if (chosen.length === rows) return { values, rows, width };
  const own = new Float32Array(chosen.length * width);
  chosen.forEach((row, i) => own.set(values.subarray(row * width, (row + 1) * width), i * width));
  return { values: own, rows: chosen.length, width };
}

/** What models said of rows that they had not seen: those of the folds, and after a holdout its own. */
function writeUnseen(
  context: StageContext,
  loaded: LoadedRows,
  all: DenseFeatures,
  { rows, trained }: Learnt,
): void {
  const writer = new OutOfFoldWriter(loaded.summary);
  for (const part of trained.parts) {
    writer.add(
      part.rows.map((place) => rows[place]!),
      part.logits,
    );
  }
  if (loaded.summary.split.kind === 'holdout') {
    const learnt = new Set(rows);
    const aside = rowsToLearn(loaded, 'all rows').filter((row) => !learnt.has(row));
    writer.add(aside, headLogits(trained.head, featuresOf(all, aside)));
  }
  writer.write(context.outputs);
}

/** Compares on rows of the first fold, with the head that was trained without them. */
async function quantizationOf(
  context: StageContext,
  loaded: LoadedRows,
  choice: EncoderChoice,
  encoder: LoadedEncoder,
  { rows, trained }: Learnt,
): Promise<QuantizationTrial> {
  const fold: PartHead | undefined = trained.parts[0];
  const own = (fold?.rows ?? new Int32Array(0)).map((place) => rows[place]!);
  return tryQuantized(
    { ...encoder, head: fold?.head ?? trained.head },
    choice,
    tokenizerOf(context.inputs),
    validationOf(context.inputs, loaded, own),
    () => nextTurn(context),
  );
}
