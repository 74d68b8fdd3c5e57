import type { Evaluation } from '../evaluate/evaluation';
import type { MetricHistory } from '../../../report/lineChart';
import type { StageFacts } from '../../contract/reportType';
import type { FindingGroup } from '../../../rows/findings';

/** One class in the Model Bazaar's shape: 3 decimals; undefined values (0 of 0) are the string "NaN". */
export interface BazaarMetrics {
  precision: number | 'NaN';
  recall: number | 'NaN';
  fmeasure: number | 'NaN';
}

/** A file that was read, and what became of it. */
export interface FileReport {
  name: string;
  part: 'train' | 'test';
  sha256: string;
  rows: number;
  bad_rows: number;
  blank_rows: number;
  /** The header and other lines that are no rows. Good, bad, blank and other rows have all lines of the file. */
  other_rows: number;
  lines: number;
  /** Rows taken that hold U+FFFD, which stands for a character that was lost. */
  replaced_rows: number;
  charset: string | null;
}

/**
 * The report of a training, as `GET /train/{id}/report` gives it. Fields are only ever added. Shares
 * and probabilities are 0 to 1 and rounded to five significant digits; what is undefined is null.
 */
export interface TrainReport extends Evaluation {
  report_version: 1;
  /** `withheld`: who asked may see scores, but no texts of the training data. */
  examples: 'shown' | 'withheld';
  /** Only with a base model: its own values on the same rows. */
  before_train_metrics?: Record<string, BazaarMetrics>;
  after_train_metrics: Record<string, BazaarMetrics>;
  model_info: {
    id: string;
    name: string;
    type: string;
    base_model_id: string | null;
  };
  run: {
    id: string;
    /** ISO 8601, UTC. */
    started_at: string | null;
    seed: number;
    options: Record<string, unknown>;
  };
  stages: StageFacts[];
  warnings: { code: string; message: string }[];
  data: {
    rows: number;
    bad_rows: number;
    /** As for each file, see FileReport. */
    blank_rows: number;
    other_rows: number;
    lines: number;
    replaced_rows: number;
    bad_row_examples: { file: string; line: number | null; reason: string }[];
    /**
     * All that was skipped (code `bad_row`) or noted about rows and files, grouped by reason, the most
     * frequent first. `places` of all groups together are at most 5,000; `count` is exact.
     */
    findings: FindingGroup[];
    files: FileReport[];
  };
  /** Everything that decides the model's bytes, and their hashes. */
  lineage: {
    /** Of the row sequence that was trained on. */
    data_hash: string;
    code_version: string;
    train_version: number;
    onnxruntime_version: string;
    base_model_id: string | null;
    /** sha256 of each file of the model. */
    model_files: Record<string, string>;
  };
  history: MetricHistory[];
  /** What the trainer chose and found, as it wrote it. */
  training: unknown;
}
