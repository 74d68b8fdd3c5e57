import type { CalibrationBin } from '../../../ml/metrics/calibration';
import type { Interval } from '../../../ml/metrics/interval';
import type { PrecisionAt } from '../../../ml/metrics/precisionAt';
import type { TokenizedCounts } from '../../../ml/transformers/files/tokenizer/tokenizeTexts';
import type { DataChecks } from '../../../classification/checks';
import type { LikelyWrongLabels } from '../../../classification/wrongLabels';

/**
 * Which rows a model is measured on.
 * - `test_files`: the caller's test files
 * - `test_split`: the share of train rows that the caller asked to put aside
 * - `holdout`: a share of train rows put aside for measuring; the model itself was then trained on all
 * - `none`: nothing was put aside
 */
export type HoldoutKind = 'test_files' | 'test_split' | 'holdout' | 'none';

export interface LabelMetrics {
  label: string;
  /** 0 to 1; null when undefined (0 of 0). */
  precision: number | null;
  recall: number | null;
  f1: number | null;
  /** Measured rows that have the label. */
  support: number;
  /** Sigmoid: from which probability on the measured model's label counts as predicted. */
  threshold?: number;
}

/** A measured row that the model got wrong. */
export interface MistakenRow {
  /** From 1, over the rows of the part that was measured. */
  row: number;
  /** In one line, at most 200 characters. */
  text: string;
  gold: string[];
  predicted: string[];
  /** What the model gave its mistake. Softmax: the predicted label. Sigmoid: the decision furthest off. */
  probability: number;
}

export interface Mistake {
  gold: string;
  predicted: string;
  count: number;
  /** The rows where the model was surest of its mistake, at most three. */
  examples: MistakenRow[];
}

/** Scores on held-out rows. Those that cannot be computed are null. */
export interface Scores {
  /** Softmax: rows with the right label. Sigmoid: rows with exactly the right labels. */
  accuracy: number | null;
  macro_f1: number | null;
  micro_f1: number | null;
  /** Softmax: mean −ln of the gold label's probability. Sigmoid: mean binary log loss over labels. */
  log_loss: number | null;
  /** Expected calibration error over 15 bins of equal width. */
  expected_calibration_error: number | null;
}

/** How far scores can be trusted: between which values they lie, as so few rows can tell. */
export interface ScoreIntervals {
  /** The confidence of each interval. */
  level: number;
  /** Wilson's score interval. */
  accuracy: Interval | null;
  /** By the bootstrap; null with more labels than it has memory for. */
  macro_f1: Interval | null;
  micro_f1: Interval | null;
  /** Of the bootstrap; 0: there was none. */
  resamples: number;
}

/** What the scores say nothing about. */
export interface NotMeasured {
  /** Labels of the model that no measured row has; the first ten of them. */
  labels_without_rows: { count: number; examples: string[] };
  /** Labels with one or two measured rows: their own values are hardly more than chance. */
  labels_with_few_rows: { count: number; examples: { label: string; rows: number }[] };
  /** Measured rows whose text is also a train text: the model may know them by heart. */
  repeated_texts: number;
}

/** What `evaluation.json` says. */
export interface Evaluation {
  holdout: { kind: HoldoutKind; rows: number };
  /** The model itself was then trained on all rows, and another one measured in its place. */
  refitted: boolean;
  head: 'softmax' | 'sigmoid';
  scores: Scores;
  intervals: ScoreIntervals;
  not_measured: NotMeasured;
  calibration_bins: CalibrationBin[];
  /** Sigmoid: the mean share of right labels among the k most probable ones of a row; null for softmax. */
  precision_at: PrecisionAt[] | null;
  /** With an encoder: what it saw of the measured texts; absent where nothing was measured. */
  measured_texts?: TokenizedCounts;
  /** In the model's order; labels that the model does not know come last. */
  classes: LabelMetrics[];
  /** Labels of measured rows that the model does not know, so that it must get them wrong. */
  unknown_labels: { label: string; rows: number }[];
  /** The most frequent mistakes; empty for a sigmoid head. */
  mistakes: Mistake[];
  /** Rows of gold label i predicted as label j, among the labels with the most mistakes; null for sigmoid. */
  confusion: { labels: string[]; counts: number[][] } | null;
  /** The mistakes that the model was surest of. */
  worst: MistakenRow[];
  /** The base model on the same rows; null without one. It may have been trained on some of them. */
  base: { scores: Scores; classes: LabelMetrics[] } | null;
  checks: DataChecks;
  /** Null when train left no out-of-fold probabilities. */
  likely_wrong_labels: LikelyWrongLabels | null;
  model: {
    /** All weights, an encoder's included, and biases. */
    parameters: number;
    /** Size of the bundle's files. */
    bytes: number;
    labels: number;
    /** N-grams that it knows; null for a model with an encoder. */
    features: number | null;
    /** int8: of the products' weights. */
    precision: 'float32' | 'float16' | 'int8';
    /** The pretrained encoder that it was trained from; null for a model of n-grams. */
    encoder: { name: string; hash: string; family: string; training: 'frozen' | 'full' } | null;
  };
  /** Median time of one prediction of one text, after a warm-up. */
  latency_seconds: number;
}
