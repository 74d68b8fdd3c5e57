import type { Calibration } from '../../../ml/metrics/calibration';
import type { ClassMetrics } from '../../../ml/metrics/classCounts';
import { type Decisions, F1Bootstrap } from '../../../ml/metrics/f1Bootstrap';
import { confidenceLevel, wilsonInterval } from '../../../ml/metrics/interval';
import { MulticlassMeter } from '../../../ml/metrics/multiclass';
import { MultilabelMeter } from '../../../ml/metrics/multilabel';
import { PrecisionAtMeter } from '../../../ml/metrics/precisionAt';
import type { TokenizedCounts } from '../../../ml/transformers/files/tokenizer/tokenizeTexts';
import { thresholdsOf } from '../bundle/bundleManifest';
import { addCounts, noTexts } from '../../../encoder-learning/textCounts';
import type { Evaluation, MistakenRow } from './evaluation';
import { excerpt } from '../../../classification/excerpt';
import { GoldLabels } from '../../../classification/goldLabels';
import type { HeldOut } from './heldOut';
import type { BundleScorer } from '../predict/scorer';
import { type SureMistake, WorstRows } from '../../../classification/worstRows';

const listedMistakes = 30;
const examplesPerMistake = 3;
const listedWorst = 20;
const matrixLabels = 24;
/** Numbers of most probable labels whose precision is measured where a row has many. */
const firstLabels = [1, 3, 5];

/** What measuring gives of an evaluation. */
export type Measured = Pick<
  Evaluation,
  | 'scores'
  | 'intervals'
  | 'calibration_bins'
  | 'precision_at'
  | 'classes'
  | 'unknown_labels'
  | 'mistakes'
  | 'confusion'
  | 'worst'
  | 'measured_texts'
>;

/** Takes one measured row after another, then sums up. */
interface Meter {
  /** @returns what was decided about the row's labels */
  add(row: number, gold: number[], probabilities: Float32Array): Decisions;
  sumUp(
    show: (mistake: SureMistake) => MistakenRow,
    names: string[],
  ): Omit<Measured, 'intervals' | 'unknown_labels' | 'measured_texts'>;
}

/**
 * Measures a model on held-out rows, a block at a time; keeps counts and a few examples, never the
 * probabilities of all rows.
 *
 * @param onRows called after each block with the rows done; may throw to stop
 * @param signal looked at while a block is scored
 */
export async function measure(
  scorer: BundleScorer,
  heldOut: HeldOut,
  labelDelimiter: string | null,
  onRows: (done: number) => Promise<void>,
  signal?: AbortSignal,
): Promise<Measured> {
  const { manifest } = scorer;
  const { labels } = manifest;
  const gold = new GoldLabels(labels, labelDelimiter);
  const thresholds = thresholdsOf(manifest);
  const meter = thresholds ? sigmoidMeter(labels.length, thresholds) : softmaxMeter(labels.length);
  const bootstrap = new F1Bootstrap(labels.length, heldOut.rows, manifest.seed);
  let read: TokenizedCounts | undefined;
  let done = 0;
  for (const block of heldOut.blocks()) {
    const cells = block.labels.map((cell) => gold.of(cell));
    const add = (i: number, scores: Float32Array): void =>
      bootstrap.add(block.rows[i]!, meter.add(block.rows[i]!, cells[i]!, scores));
    const counts = await scorer.score(block.texts, add, signal);
    if (counts) read = addCounts(read ?? noTexts, counts);
    done += block.rows.length;
    await onRows(done);
  }
  const show = (mistake: SureMistake): MistakenRow => ({
    row: mistake.row + 1,
    text: excerpt(heldOut.text(mistake.row)),
    gold: mistake.gold.map((label) => gold.names[label]!),
    predicted: mistake.predicted.map((label) => gold.names[label]!),
    probability: mistake.probability,
  });
  const unknown = [...gold.unknown].map(([label, rows]) => ({ label, rows }));
  const measured = meter.sumUp(show, gold.names);
  const intervals = intervalsOf(measured.scores, heldOut.rows, bootstrap);
  const found = { ...measured, intervals, unknown_labels: unknown };
  return read ? { ...found, measured_texts: read } : found;
}

function softmaxMeter(labels: number): Meter {
  const meter = new MulticlassMeter(labels);
  const worst = new WorstRows(listedWorst);
  const byPair = new Map<string, WorstRows>();
  return {
    add(row, [gold = labels], probabilities) {
      const predicted = meter.add(gold, probabilities);
      if (predicted === gold) return { hits: [gold], falseAlarms: [], misses: [] };
      const mistake = {
        row,
        probability: probabilities[predicted]!,
        gold: [gold],
        predicted: [predicted],
      };
      worst.add(mistake);
      const pair = `${gold} ${predicted}`;
      const known = byPair.get(pair) ?? new WorstRows(examplesPerMistake);
      byPair.set(pair, known);
      known.add(mistake);
      return { hits: [], falseAlarms: [predicted], misses: [gold] };
    },
    sumUp(show, names) {
      const { accuracy, f1, logLoss, calibration, classes } = meter.result();
      const busiest = meter.confusion.busiest(matrixLabels);
      return {
        scores: scoresOf(accuracy, f1, logLoss, calibration),
        calibration_bins: calibration.bins,
        precision_at: null,
        classes: named(classes, names),
        mistakes: meter.confusion.mistakes(listedMistakes).map(({ gold, predicted, count }) => ({
          gold: names[gold]!,
          predicted: names[predicted]!,
          count,
          examples: byPair.get(`${gold} ${predicted}`)!.rows.map(show),
        })),
        confusion: {
          labels: busiest.map((label) => names[label]!),
          counts: meter.confusion.matrix(busiest),
        },
        worst: worst.rows.map(show),
      };
    },
  };
}

/** @param thresholds from which probability on each label counts as predicted */
function sigmoidMeter(labels: number, thresholds: readonly number[]): Meter {
  const meter = new MultilabelMeter(labels, thresholds);
  const first = new PrecisionAtMeter(firstLabels.filter((k) => k <= labels));
  const worst = new WorstRows(listedWorst);
  return {
    add(row, gold, probabilities) {
      const wanted = new Set(gold);
      first.add(wanted, probabilities);
      const isRight = meter.add(wanted, probabilities);
      let gap = 0;
      const predicted: number[] = [];
      for (let label = 0; label < labels; label++) {
        const probability = probabilities[label]!;
        if (probability >= thresholds[label]!) predicted.push(label);
        gap = Math.max(gap, wanted.has(label) ? 1 - probability : probability);
      }
      if (!isRight) worst.add({ row, probability: gap, gold, predicted });
      return {
        hits: predicted.filter((label) => wanted.has(label)),
        falseAlarms: predicted.filter((label) => !wanted.has(label)),
        misses: gold.filter((label) => !predicted.includes(label)),
      };
    },
    sumUp(show, names) {
      const { exactMatch, f1, logLoss, calibration, classes } = meter.result();
      return {
        scores: scoresOf(exactMatch, f1, logLoss, calibration),
        calibration_bins: calibration.bins,
        precision_at: first.result(),
        classes: named(classes, names).map((own, label) =>
          label < labels ? { ...own, threshold: thresholds[label]! } : own,
        ),
        mistakes: [],
        confusion: null,
        worst: worst.rows.map(show),
      };
    },
  };
}

function intervalsOf(
  { accuracy }: Evaluation['scores'],
  rows: number,
  bootstrap: F1Bootstrap,
): Evaluation['intervals'] {
  const { macro, micro, resamples } = bootstrap.result();
  return {
    level: confidenceLevel,
    accuracy: accuracy === null ? null : wilsonInterval(accuracy, rows),
    macro_f1: macro,
    micro_f1: micro,
    resamples,
  };
}

function scoresOf(
  accuracy: number | null,
  f1: { macro: number | null; micro: number | null },
  logLoss: number | null,
  { ece }: Calibration,
): Evaluation['scores'] {
  return {
    accuracy,
    macro_f1: f1.macro,
    micro_f1: f1.micro,
    log_loss: logLoss,
    expected_calibration_error: ece,
  };
}

function named(classes: ClassMetrics[], names: string[]): Evaluation['classes'] {
  return classes.map((metrics, i) => ({ label: names[i]!, ...metrics }));
}
