import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Checkpoints } from '../../../stage/checkpoints';
import type { StageContext } from '../../../stage/stageContext';
import { legalTransitions } from '../../../tagging/tagLabels';
import { writeBundle } from '../bundle/bundle';
import type { NlpTokenOptions } from '../options';
import { readParts, readTokenSummary, rowPart } from '../preprocess/tokenData';
import { baseWeights, readBaseModel } from './baseModel';
import { bundleInfo } from './bundleInfo';
import { choosePenalty } from './choosePenalty';
import { choosingRows } from './choosingRows';
import { loadTokens, numberFeatures, requireMemory } from './loadTokens';
import { makeModel } from './makeModel';
import { pickRehearsal } from './rehearsal';
import { type Phase, runPhase } from './runPhase';
import { trainerSettings } from './trainerSettings';
import {
  decodeState,
  emptyState,
  encodeState,
  type FittedWeights,
  type TrainState,
} from './trainState';

/** Milliseconds between two checkpoints. */
const checkpointEvery = 2000;

/** Preprocessed rows → a bundle in `model/`; see trainTags. */
export function train(context: StageContext, options: NlpTokenOptions): Promise<void> {
  return trainTags(context, options, checkpointEvery);
}

/**
 * Trains a conditional random field. The first passes leave a part of the rows out, to choose on them how likely
 * being outside is; the others are over the whole train part. After a holdout the model measured on it goes to
 * `holdout-model/`, and the one in `model/` is trained on all rows, starting from the first. With a base model the
 * first weights are its own, and the sentences that it remembers are learned again.
 */
export async function trainTags(
  context: StageContext,
  options: NlpTokenOptions,
  every: number,
): Promise<void> {
  const inputs = join(context.inputs, 'preprocess');
  const summary = readTokenSummary(inputs);
  const base = readBaseModel(join(context.inputs, 'base'));
  const tokens = loadTokens(inputs, base);
  requireMemory(context, tokens.hashes);
  const legal = legalTransitions(summary.tags.length);
  const { known, sequences } = numberFeatures(
    tokens,
    summary.features.templates.length,
    legal.labels,
  );
  const parts = readParts(inputs);
  const all = Int32Array.from(tokens.starts.subarray(1).keys());
  // Sentences that a base model remembers come after the others, and are always trained on.
  const trainRows = all.filter((row) => parts[row] !== rowPart.test);

  const codec = { empty: emptyState, encode: encodeState, decode: decodeState };
  const checkpoints = new Checkpoints<TrainState>(context, every, codec);
  const state = checkpoints.load();
  const start = base && baseWeights(base.model, known, summary.tags.length);
  const passes = options.epochs ?? trainerSettings.passes;
  const { seed } = options;
  const run = (phase: Omit<Phase, 'seed'>) =>
    runPhase(context, checkpoints, state, sequences, known.features.length, legal, {
      ...phase,
      seed,
    });

  const choosing = Math.min(trainerSettings.choosingPasses, Math.floor(passes / 2));
  const choose = async (): Promise<number> => {
    const parts = choosingRows(tokens, summary.features, trainRows, seed);
    if (!parts) return 0;
    const { first, aside } = parts;
    const tried = await run({
      what: 'part of the rows',
      rows: first,
      passes: choosing,
      from: start,
    });
    return choosePenalty(sequences, aside, tried, legal);
  };
  state.penalty ??= choosing === 0 ? 0 : await choose();
  if (state.fitted === null) {
    const { losses, ...fitted } = await run({
      what: 'train part',
      rows: trainRows,
      passes,
      from: start,
    });
    state.fitted = fitted;
    state.losses = losses;
    state.crf = null;
  }
  const { penalty, fitted } = state;
  state.losses.forEach((loss, i) => context.metric('train_loss', i + 1, loss));
  const info = bundleInfo(options, summary);
  const rehearsal = pickRehearsal(tokens, seed);
  const write = (name: string, weights: FittedWeights): Promise<void> => {
    const model = makeModel(summary, known.features, weights, penalty);
    return writeBundle(join(context.outputs, name), model, info, rehearsal);
  };
  if (summary.split.kind === 'holdout') {
    await write('holdout-model', fitted);
    const refit = Math.min(passes, trainerSettings.refitPasses);
    await write('model', await run({ what: 'all rows', rows: all, passes: refit, from: fitted }));
  } else await write('model', fitted);
  const written = {
    format: 1,
    algorithm: 'linear-chain conditional random field by stochastic gradient steps',
    rows: summary.rows,
    base_rows: all.length - summary.rows,
    tokens: summary.tokens,
    labels: legal.labels,
    features: known.features.length,
    passes,
    outside_penalty: penalty,
    train_loss: state.losses,
  };
  writeFileSync(join(context.outputs, 'train.json'), `${JSON.stringify(written, null, 1)}\n`);
}
