import type { Interval } from '../../../ml/metrics/interval';

/** Strict quality of spans: first token, last token and tag must be right. Undefined values are null. */
export interface SpanMetrics {
  precision: number | null;
  recall: number | null;
  f1: number | null;
  /** Spans in the data, spans found, and those that are right. */
  support: number;
  found: number;
  right: number;
  /** Found with the right tag and other bounds. */
  partial: number;
  /** Found where the data has another tag. */
  wrong_tag: number;
}

export interface TagMetrics extends SpanMetrics {
  tag: string;
}

/** Tokens of one tag, as the Model Bazaar counts. */
export interface TokenMetrics {
  tag: string;
  precision: number | null;
  recall: number | null;
  f1: number | null;
}

/** A token as the Model Bazaar's report shows it. */
export interface TokenExample {
  /** The whole text, its tokens between spaces. */
  source: string;
  /** The tags of the data, and those found. */
  target: string;
  predictions: string;
  /** Which of the tokens. */
  index: number;
}

/** By tag: tokens found right, found and wrong, and missed; the first five of each. */
export interface TokenExamples {
  true_positives: Record<string, TokenExample[]>;
  false_positives: Record<string, TokenExample[]>;
  false_negatives: Record<string, TokenExample[]>;
}

/** A sentence with the spans of the data and those found, `[start, end, tag]` in characters. */
export interface SentenceExample {
  part: 'train' | 'test';
  /** From 1, over the rows that were read from all files of the part. */
  row: number;
  text: string;
  gold: [number, number, string][];
  found: [number, number, string][];
  /** Spans that are missing or too many. */
  errors: number;
}

/** A span of a measuring row that the model is sure of, and the data does not have. */
export interface DoubtedTag {
  part: 'train' | 'test';
  row: number;
  text: string;
  /** What stands there. */
  words: string;
  /** The tag of the data; null: outside of all spans. */
  tag: string | null;
  suggested: string;
  confidence: number;
}

/** What was measured on rows that the model was not trained on. */
export interface Measured {
  spans: SpanMetrics & { f1_interval: Interval | null };
  tags: TagMetrics[];
  tokens: TokenMetrics[];
  /** Spans of one tag where the data has one of another; most frequent first. */
  confusion: { gold: string; found: string; count: number }[];
  boundary_errors: { too_long: number; too_short: number; shifted: number };
  sentences: { count: number; right: number };
  worst: SentenceExample[];
  likely_wrong_tags: { count: number; examples: DoubtedTag[] };
  examples: TokenExamples;
}

/** What a look at the data found. */
export interface TokenChecks {
  rows: { train: number; test: number };
  tokens: number;
  /** Train rows whose text and spans stood in an earlier row. */
  duplicates: number;
  /** Train rows whose text stood in an earlier row with other spans. */
  conflicts: number;
  /** Test rows whose text is also a train text. */
  overlap: number;
  /** Train rows without any span. */
  without_spans: number;
  /** By train spans, most first. */
  tags: { tag: string; spans: number }[];
}

/** What `evaluate` leaves as `evaluation.json`. */
export interface Evaluation {
  holdout: { kind: 'test_files' | 'test_split' | 'holdout' | 'none'; rows: number };
  /** Whether the deployed model was trained again on all rows, after the one that was measured. */
  refitted: boolean;
  measured: Measured | null;
  /** Tokens of the model before this training: the base model, or one that knows rules only. */
  before: TokenMetrics[] | null;
  checks: TokenChecks;
  model: { parameters: number; bytes: number; tags: number; rule_tags: number };
  /** Of one answer. */
  latency_seconds: number;
}
