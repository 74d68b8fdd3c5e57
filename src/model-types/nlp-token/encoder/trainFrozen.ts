import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStates } from '../../../encoder-learning/embeddings/wordStates';
import { encoderFacts, tokenizerOf } from '../../../encoder-learning/encoderFacts';
import { processBytes, requireMemory, weightBytes } from '../../../encoder-learning/memory';
import { openEncoder } from '../../../encoder-learning/openEncoder';
import type { DenseFeatures } from '../../../ml/heads/denseFeatures';
import { headLogits, type LinearHead } from '../../../ml/heads/head';
import { type TrainedHead, trainHead } from '../../../ml/heads/trainHead';
import { headNames } from '../../../ml/transformers/parameterLayout';
import type { StageContext } from '../../../stage/stageContext';
import { labelCount } from '../../../tagging/tagLabels';
import { writeEncoderBundle } from '../bundle/encoderBundle';
import type { NlpTokenOptions } from '../options';
import {
  readLabels,
  readParts,
  readTokenSummary,
  type RowLabels,
  rowPart,
} from '../preprocess/tokenData';
import { bundleInfo } from '../train/bundleInfo';
import { computedTexts } from './computedTexts';
import type { FrozenTokenTraining } from './tokenTraining';
import { splitValidation } from './validationSplit';

/**
 * Trains a head on the states of words that the shards left in `embeddings/`. It begins again where it was
 * killed. After a holdout, the head that is measured on it goes to `holdout-model/`, and the one in
 * `model/` is trained anew on all rows, its strength and calibration chosen there.
 */
export async function trainFrozen(context: StageContext, options: NlpTokenOptions): Promise<void> {
  const { inputs, outputs, signal, memoryMb } = context;
  const choice = options.encoder!;
  const preprocess = join(inputs, 'preprocess');
  const summary = readTokenSummary(preprocess);
  const { tags, unit } = summary;
  const classes = labelCount(tags.length);
  const encoder = openEncoder(join(inputs, 'encoder'), choice);
  const { config, weights } = encoder;
  // The states, once more where some rows are put aside, logits held out at a few strengths, the encoder.
  const bytes =
    processBytes(config) +
    summary.tokens * (8 * config.hidden + 24 * classes) +
    5 * weightBytes(weights);
  requireMemory(`training a head on ${summary.tokens} tokens`, bytes, memoryMb);
  const rowLabels = readLabels(preprocess);
  const all = readStates(join(inputs, 'embeddings'), rowLabels.starts);
  const parts = readParts(preprocess);
  const everyRow = Int32Array.from(parts.keys());
  const withHoldout = summary.split.kind === 'holdout';
  const report = (done: number, detail: string): void =>
    context.progress({ done, total: withHoldout ? 2 : 1, unit: 'steps', detail });

  const learn = (rows: Int32Array): Promise<TrainedHead> => {
    const { validation } = splitValidation(inputs, rowLabels, rows, {
      seed: options.seed,
      tags: tags.length,
    });
    const words = wordsOf(rowLabels, rows);
    const held = placesOf(rowLabels, rows, validation);
    const labels = {
      kind: 'softmax',
      classes,
      classOf: words.map((w) => rowLabels.labels[w]!),
    } as const;
    // One thread: ONNX Runtime cuts these products by the number of threads, which changes how sums round.
    const how = { validation: held.length > 0 ? [held] : [], threads: 1 };
    return trainHead(statesOf(all, words), labels, how, signal);
  };
  const write = (name: string, head: LinearHead): Promise<void> =>
    writeEncoderBundle(join(outputs, name), {
      config,
      weights: new Map(weights).set(headNames.weight, head.weights).set(headNames.bias, head.bias),
      tags,
      unit,
      choice,
      tokenizerFile: tokenizerOf(inputs),
      info: bundleInfo(options, summary),
      computed: computedTexts(inputs, unit, everyRow, (row) =>
        headLogits(head, statesOf(all, wordsOf(rowLabels, Int32Array.of(row)))),
      ),
    });

  report(0, 'choosing a head');
  const fitted = await learn(everyRow.filter((row) => parts[row] !== rowPart.test));
  let final = fitted;
  if (withHoldout) {
    await write('holdout-model', fitted.head);
    report(1, 'training on all rows');
    final = await learn(everyRow);
  }
  await write('model', final.head);
  const { strength, trials, scale, shift } = final;
  const written: FrozenTokenTraining = {
    format: 1,
    algorithm: "logistic regression on a frozen encoder's states of tokens",
    encoder: encoderFacts(choice, encoder),
    rows: summary.rows,
    tokens: summary.tokens,
    labels: classes,
    features: all.width,
    strength,
    trials,
    calibration: { scale, shift },
    refitted_on_all_rows: withHoldout,
  };
  writeFileSync(join(outputs, 'train.json'), `${JSON.stringify(written, null, 1)}\n`);
}

/** The numbers of the words of rows. */
function wordsOf({ starts }: RowLabels, rows: Int32Array): Int32Array {
  const words: number[] = [];
  for (const row of rows) for (let w = starts[row]!; w < starts[row + 1]!; w++) words.push(w);
  return Int32Array.from(words);
}

/** The places of the words of some rows among those of all `rows`. */
function placesOf({ starts }: RowLabels, rows: Int32Array, some: Int32Array): Int32Array {
  const wanted = new Set(some);
  const places: number[] = [];
  let place = 0;
  for (const row of rows) {
    const end = place + starts[row + 1]! - starts[row]!;
    for (; place < end; place++) if (wanted.has(row)) places.push(place);
  }
  return Int32Array.from(places);
}

function statesOf({ values, rows, width }: DenseFeatures, words: Int32Array): DenseFeatures {
  if (words.length === rows) return { values, rows, width };
  const own = new Float32Array(words.length * width);
  words.forEach((word, i) => own.set(values.subarray(word * width, (word + 1) * width), i * width));
  return { values: own, rows: words.length, width };
}
