import { singleBlock, squaredNorms, rowDot, type RowBlock } from '../../src/ml/linear/rowBlock';
import { SvmSolver, weightsOf } from '../../src/ml/linear/svmSolver';
import { streamKey } from '../../src/ml/random/counterRandom';
import { Featurizer } from '../../src/ml/text/featurizer';
import { familyStarts, type FeaturizerSpec } from '../../src/ml/text/featurizerSpec';
import { Vectorizer } from '../../src/ml/text/vectorizer';
import { buildVocabulary } from '../../src/ml/text/vocabulary';
import type { Row, TextSet } from './datasets';

/** What is tried out. */
export interface Trial {
  spec: FeaturizerSpec;
  cost: number;
  minRows: number;
  tolerance: number;
}

export interface TrialResult {
  accuracy: number;
  macroF1: number;
  features: number;
  seconds: number;
}

/** Trains on `train` and measures on `test`, without calibration: what the choice of constants needs. */
export function tryOut(set: TextSet, trial: Trial): TrialResult {
  const started = performance.now();
  const model = chooseRows(set.train, trial);
  const vectorizer = new Vectorizer(trial.spec, model);
  const train = toBlock(set.train, vectorizer);
  const labels = [...new Set(set.train.map((row) => row.label))].sort();
  const numbers = new Map(labels.map((label, i) => [label, i]));
  const truth = set.train.map((row) => numbers.get(row.label)!);
  const problems = labels.length === 2 ? [1] : [...labels.keys()];
  const weights = problems.map((label) => solve(train, model.scales.length, truth, label, trial));
  const seconds = (performance.now() - started) / 1000;
  const test = toBlock(set.test, vectorizer);
  const predicted = set.test.map((_, row) => labels[predict(test, row, weights)]!);
  const gold = set.test.map((row) => row.label);
  return { ...compare(gold, predicted), features: model.scales.length, seconds };
}

function chooseRows(
  rows: Row[],
  { spec, minRows }: Trial,
): { buckets: Uint32Array; scales: Float32Array } {
  const frequency = new Int32Array(familyStarts(spec).at(-1)!);
  const featurizer = new Featurizer(spec);
  for (const { text } of rows) {
    const { buckets, size } = featurizer.count(text);
    for (let i = 0; i < size; i++) frequency[buckets[i]!]!++;
  }
  return buildVocabulary(frequency, { rows: rows.length, minRows, maxFeatures: 1e9 });
}

function toBlock(rows: Row[], vectorizer: Vectorizer): RowBlock {
  const vectors = rows.map(({ text }) => vectorizer.vectorize(text));
  const starts = new Int32Array(rows.length + 1);
  vectors.forEach(({ rows: ids }, i) => (starts[i + 1] = starts[i]! + ids.length));
  const ids = new Int32Array(starts.at(-1)!);
  const values = new Float32Array(starts.at(-1)!);
  vectors.forEach((vector, i) => {
    ids.set(vector.rows, starts[i]);
    values.set(vector.values, starts[i]);
  });
  return { rows: rows.length, starts, ids, values };
}

function solve(
  block: RowBlock,
  features: number,
  truth: number[],
  label: number,
  { cost, tolerance }: Trial,
): Float64Array {
  const rows = singleBlock(block, features);
  const diagonal = new Float64Array(block.rows).fill(1 / (2 * cost));
  const curvature = new Float64Array(block.rows);
  squaredNorms(block, curvature, 0);
  for (let row = 0; row < block.rows; row++) curvature[row]! += 1 + diagonal[row]!;
  const targets = Int8Array.from(truth, (own) => (own === label ? 1 : -1));
  const key = streamKey(1, label);
  const problem = { targets, key, maxPasses: 300, tolerance };
  const solver = new SvmSolver(rows, { curvature, diagonal }, problem);
  while (!solver.advance());
  return weightsOf(rows, { targets }, solver.support());
}

function predict(block: RowBlock, row: number, weights: Float64Array[]): number {
  const scores = weights.map((w) => rowDot(block, row, w) + w.at(-1)!);
  if (scores.length === 1) return scores[0]! > 0 ? 1 : 0;
  return scores.indexOf(Math.max(...scores));
}

function compare(gold: string[], predicted: string[]): { accuracy: number; macroF1: number } {
  const labels = [...new Set([...gold, ...predicted])];
  const f1 = labels.map((label) => {
    const both = gold.filter((g, i) => g === label && predicted[i] === label).length;
    const all =
      gold.filter((g) => g === label).length + predicted.filter((p) => p === label).length;
    return (2 * both) / all;
  });
  return {
    accuracy: gold.filter((label, i) => label === predicted[i]).length / gold.length,
    macroF1: f1.reduce((a, b) => a + b, 0) / f1.length,
  };
}
