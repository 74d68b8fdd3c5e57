import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TrainyardError } from '../../../errors';
import { addEmissions } from '../../../ml/crf/addEmissions';
import { Lattice, type Transitions } from '../../../ml/crf/lattice';
import type { Sequences } from '../../../ml/crf/sequences';
import { Checkpoints } from '../../../stage/checkpoints';
import type { StageContext } from '../../../stage/stageContext';
import { countFeatures } from '../../../tagging/features/countFeatures';
import { FeatureRows } from '../../../tagging/features/featureRows';
import { legalTransitions, outside } from '../../../tagging/tagLabels';
import { writeBundle } from '../bundle/bundle';
import type { CrfModel } from '../bundle/crfModel';
import type { NlpTokenOptions } from '../options';
import { readParts, readSequences, readTokenSummary, rowPart } from '../preprocess/tokenData';
import { addBaseSpans, type BaseModel, baseWeights, readBaseModel } from './baseModel';
import { bundleInfo } from './bundleInfo';
import { choosePenalty, type ScoredSentence } from './choosePenalty';
import { joined, type LabelledTokens } from './labelledTokens';
import { pickRehearsal } from './rehearsal';
import { pickTemplates, templateKeys } from './templateKeys';
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
 * being outside is; the others are over the whole train part. After a holdout the model measured on it goes to `holdout-model/`,
 * and the one in `model/` is trained on all rows, starting from the first. With a base model the first
 * weights are its own, and the sentences that it remembers are learned again.
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
    const templates = templateKeys(tokens, summary.features);
    const isAside = pickTemplates(templates, trainerSettings.choosingShare, seed);
    const aside = trainRows.filter(isAside);
    const withSpans = aside.filter((row) => hasSpans(tokens, row));
    const kinds = new Set(withSpans.map((row) => templates[row]!)).size;
    if (kinds < trainerSettings.leastChoosingTemplates) return 0;
    const rows = trainRows.filter((row) => !isAside(row));
    const tried = await run({ what: 'part of the rows', rows, passes: choosing, from: start });
    const scored = scoreSentences(sequences, aside, tried.weights, legal);
    return choosePenalty(scored, { ...legal, scores: tried.transitions });
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

function hasSpans({ labels, starts }: LabelledTokens, row: number): boolean {
  return labels.subarray(starts[row], starts[row + 1]).some((label) => label !== outside);
}

function loadTokens(inputs: string, base: BaseModel | undefined): LabelledTokens {
  const own = readSequences(inputs);
  if (!base) return own;
  const { tagSpans } = readTokenSummary(inputs);
  const silent = base.model.tags.flatMap((_, tag) => (tagSpans[tag] === 0 ? [tag] : []));
  addBaseSpans(base, own, new Set(silent));
  return base.rehearsal ? joined(own, base.rehearsal) : own;
}

/** Features, their rows and the weights with their sums are all in memory. */
function requireMemory({ memoryMb }: StageContext, hashes: Uint32Array): void {
  const needed = Math.ceil((hashes.byteLength * 3) / 2 ** 20) + 600;
  if (needed <= memoryMb) return;
  throw new TrainyardError(
    'limit',
    'too_many_tokens',
    `the tokens of this training need about ${needed} MiB, and it has ${memoryMb}. Raise job_options.allocation_memory, or give fewer rows`,
  );
}

function numberFeatures(
  { hashes, labels, starts }: LabelledTokens,
  width: number,
  labelCount: number,
): { known: FeatureRows; sequences: Sequences } {
  const limit = Math.floor(trainerSettings.maxWeights / labelCount);
  const known = new FeatureRows(countFeatures([hashes], limit).features);
  const features = new Int32Array(hashes.length);
  for (let i = 0; i < hashes.length; i++) features[i] = known.rowOf(hashes[i]!);
  return { known, sequences: { width, features, labels, starts } };
}

function scoreSentences(
  sequences: Sequences,
  rows: Int32Array,
  weights: Float32Array,
  legal: Omit<Transitions, 'scores'>,
): ScoredSentence[] {
  const lattice = new Lattice(legal);
  return Array.from(rows, (row) => {
    const [from, to] = [sequences.starts[row]!, sequences.starts[row + 1]!];
    lattice.start(to - from);
    addEmissions(sequences, from, to - from, weights, lattice);
    return {
      emissions: lattice.emissions.slice(0, (to - from) * legal.labels),
      labels: sequences.labels.subarray(from, to),
    };
  });
}

/** Features whose weights stayed 0 are left out. */
function makeModel(
  { tags, unit, features }: Pick<CrfModel, 'tags' | 'unit' | 'features'>,
  known: Uint32Array,
  { weights, transitions }: FittedWeights,
  penalty: number,
): CrfModel {
  const labels = 1 + 2 * tags.length;
  const used = known
    .map((_, row) => row)
    .filter((row) => {
      for (let l = 0; l < labels; l++) if (weights[row * labels + l] !== 0) return true;
      return false;
    });
  const kept = new Float32Array(used.length * labels);
  used.forEach((row, i) =>
    kept.set(weights.subarray(row * labels, (row + 1) * labels), i * labels),
  );
  const bias = new Float32Array(labels);
  bias[0] = -penalty;
  return {
    tags,
    unit,
    features,
    known: used.map((row) => known[row]!),
    weights: kept,
    bias,
    transitions,
  };
}
