import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageContext } from '../../../stage/stageContext';
import { assembleModel } from '../../../ml/linear/assembleModel';
import type { Calibration } from '../../../ml/linear/calibration';
import { noFold } from '../../../ml/linear/labelledRows';
import type { LinearModel } from '../../../ml/linear/linearModel';
import {
  solvedWeights,
  type ProblemResult,
  type ProblemTask,
} from '../../../ml/linear/problemTask';
import { scoresOf } from '../../../ml/linear/svmSolver';
import { readBaseModel } from './baseModel';
import { bundleInfo, writeBundle } from '../bundle/bundle';
import { calibrate, thresholdsFor } from './calibrateModel';
import { chooseFolds } from './chooseFolds';
import { rowPart } from '../preprocess/features';
import { meanLosses } from './lossHistory';
import { Checkpoints } from '../../../stage/checkpoints';
import { nextTurn } from '../../../stage/nextTurn';
import type { NlpTextOptions } from '../options';
import { pickRehearsal } from './rehearsal';
import { fullResults, runPhase } from './trainPhase';
import { trainerSettings } from './trainerSettings';
import { decodeState, emptyState, encodeState, type TrainState } from './trainState';
import { loadRows, prepareRows, type LoadedRows, type TrainRows } from './trainRows';
import { foldMargins, OutOfFoldScores } from './outOfFoldScores';

/** Milliseconds between two checkpoints. */
const checkpointEvery = 2000;

/** Preprocessed rows → a bundle in `model/`; see trainText. */
export function train(context: StageContext, options: NlpTextOptions): Promise<void> {
  return trainText(context, options, checkpointEvery);
}

/**
 * Learns a linear classifier: one support vector machine for each label against the others, and as
 * many more for each fold of the rows, whose scores of what they have not seen turn margins into
 * probabilities and choose thresholds. After a holdout the model measured on it goes to `holdout-model/`, and the one in
 * `model/` is trained on all rows, starting from the first. With a base model the weights are pulled to
 * its weights instead of to 0, and the rows that it remembers are learned again.
 */
export async function trainText(
  context: StageContext,
  options: NlpTextOptions,
  every: number,
): Promise<void> {
  const loaded = loadRows(join(context.inputs, 'preprocess'));
  const { summary } = loaded;
  const codec = { empty: emptyState, encode: encodeState, decode: decodeState };
  const checkpoints = new Checkpoints<TrainState>(context, every, codec);
  const state = checkpoints.load();
  const labels = problemLabels(summary.head, summary.labels.length);

  const base = readBaseModel(join(context.inputs, 'base'));
  const folds = chooseFolds(loaded, trainerSettings.folds, trainerSettings.maxFoldScores);
  const yieldToEventLoop = (): Promise<void> => nextTurn(context);
  const rows = await prepareRows(loaded, 'train part', base, yieldToEventLoop, folds.ofRow);
  const foldNumbers = [noFold, ...Array.from({ length: folds.count }, (_, fold) => fold)];
  const tasks = foldNumbers.flatMap((fold) => labels.map((label) => newTask(options, label, fold)));
  await runPhase(context, checkpoints, state, 'fit', rows, tasks);

  const { labelled } = rows.problems;
  const margins = foldMargins(labelled, labels, state.fit, folds.count);
  const calibration = calibrate(margins, summary.head);
  const thresholds = summary.head === 'sigmoid' ? thresholdsFor(margins, calibration) : undefined;
  const unseen = new OutOfFoldScores(summary.head, summary.rows);
  unseen.add(margins.rows, margins.margins, margins.problems, calibration);

  const withHoldout = summary.split.kind === 'holdout';
  const fitted = await makeModel(context, loaded, rows, labels, state.fit, calibration, (aside) => {
    if (withHoldout) unseen.add(aside.rows, aside.margins, labels.length, calibration);
  });
  unseen.write(context.outputs);
  const write = (name: string, model: LinearModel, results: ProblemResult[], from: TrainRows) => {
    const { included } = from.problems.labelled;
    const rehearsal = pickRehearsal(loaded, results, calibration, included);
    const dir = join(context.outputs, name);
    const info = bundleInfo(options, summary);
    return writeBundle(dir, { ...model, thresholds }, summary.featurizer, info, rehearsal);
  };
  if (!withHoldout) {
    await write('model', fitted, state.fit, rows);
    writeSummary(context, loaded, state.fit, calibration, fitted.buckets.length);
    return;
  }
  await write('holdout-model', fitted, state.fit, rows);
  const starts = fullResults(state.fit);
  const allRows = await prepareRows(loaded, 'all rows', base, yieldToEventLoop);
  const again = labels.map((label) => ({
    ...newTask(options, label, noFold),
    start: starts.get(label)!.support,
  }));
  await runPhase(context, checkpoints, state, 'refit', allRows, again);
  const model = await makeModel(context, loaded, allRows, labels, state.refit, calibration);
  await write('model', model, state.refit, allRows);
  writeSummary(context, loaded, state.fit, calibration, model.buckets.length);
}

/** The label of each problem: two labels of which a text has one are one problem, the second's. */
function problemLabels(head: LinearModel['head'], labels: number): number[] {
  if (head === 'softmax' && labels === 2) return [1];
  return Array.from({ length: labels }, (_, label) => label);
}

function newTask(options: NlpTextOptions, label: number, fold: number): ProblemTask {
  const chosen = options.epochs !== null;
  const tolerance = fold === noFold ? trainerSettings.tolerance : trainerSettings.foldTolerance;
  return {
    label,
    fold,
    seed: options.seed,
    maxPasses: options.epochs ?? trainerSettings.maxPasses,
    tolerance: chosen ? 0 : tolerance,
    rough: fold !== noFold,
  };
}

/** Rows that the model was not trained on, and its margins. */
interface Aside {
  rows: Int32Array;
  margins: Float32Array;
}

async function makeModel(
  context: StageContext,
  { summary, parts }: LoadedRows,
  { vocabulary, problems }: TrainRows,
  labels: number[],
  results: ProblemResult[],
  calibration: Calibration,
  onAside?: (aside: Aside) => void,
): Promise<LinearModel> {
  const solved = fullResults(results);
  const all = Array.from(parts.keys()).filter((row) => parts[row] === rowPart.test);
  const bounded = onAside && all.length * labels.length <= trainerSettings.maxFoldScores;
  const aside = Int32Array.from(bounded ? all : []);
  const margins = new Float32Array(aside.length * labels.length);
  const model = await assembleModel({
    head: summary.head,
    labels: summary.labels,
    buckets: vocabulary.buckets,
    scales: vocabulary.scales,
    calibration,
    async weightsOf(problem) {
      await nextTurn(context);
      const weights = solvedWeights(
        problems,
        labels[problem]!,
        solved.get(labels[problem]!)!.support!,
      );
      scoresOf(problems.rows, weights, aside).forEach((score, i) => {
        margins[i * labels.length + problem] = score;
      });
      return weights;
    },
  });
  onAside?.({ rows: aside, margins });
  return model;
}

function writeSummary(
  context: StageContext,
  { summary }: LoadedRows,
  results: ProblemResult[],
  calibration: Calibration,
  features: number,
): void {
  const full = results.filter((result) => result.fold === noFold);
  const passes = full.map((result) => result.losses.length);
  const trainLoss = meanLosses(full);
  const written = {
    format: 1,
    algorithm: 'one-vs-rest L2-loss support vector machines by dual coordinate descent',
    head: summary.head,
    rows: summary.rows,
    base_rows: summary.baseRows,
    labels: summary.labels.length,
    features,
    cost: trainerSettings.cost,
    tolerance: trainerSettings.tolerance,
    folds: new Set(results.map((result) => result.fold)).size - 1,
    epochs: { most: Math.max(...passes), mean: passes.reduce((a, b) => a + b, 0) / passes.length },
    train_loss: trainLoss,
    calibration: {
      scale: Array.from(calibration.scale),
      shift: Array.from(calibration.shift),
    },
  };
  writeFileSync(join(context.outputs, 'train.json'), `${JSON.stringify(written, null, 1)}\n`);
}
