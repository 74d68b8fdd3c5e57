import type { MetricHistory } from '../../report/lineChart';
import type { ExtractSummary } from '../../rows/extractFiles';
import type { FindingGroup } from '../../rows/findings';
import type { StageFacts, TrainingFacts } from '../contract/reportType';

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

/** What every report says, whatever the kind of model. */
export interface CommonReport {
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

/** What of a bundle's manifest a report repeats. */
interface ManifestFacts {
  seed: number;
  data_hash: string;
  code_version: string;
  train_version: number;
  files: Readonly<Record<string, { sha256: string } | undefined>>;
}

export interface CommonParts extends Omit<TrainingFacts, 'read'> {
  /** `extract.json` */
  extract: ExtractSummary;
  /** `train.json` */
  training: unknown;
  /** `manifest.json` of the bundle. */
  manifest: ManifestFacts;
}

export function commonReport(parts: CommonParts): CommonReport {
  const { model, run, extract, manifest } = parts;
  return {
    model_info: {
      id: model.id,
      name: model.name,
      type: model.type,
      base_model_id: model.baseModelId,
    },
    run: {
      id: run.id,
      started_at: run.startedAt?.toISOString() ?? null,
      seed: manifest.seed,
      options: run.options,
    },
    stages: parts.stages.map((stage) => ({ ...stage, seconds: roundSeconds(stage.seconds) })),
    warnings: parts.warnings,
    data: dataOf(extract),
    lineage: {
      data_hash: manifest.data_hash,
      code_version: manifest.code_version,
      train_version: manifest.train_version,
      onnxruntime_version: parts.onnxruntimeVersion,
      base_model_id: model.baseModelId,
      model_files: Object.fromEntries(
        Object.entries(manifest.files).flatMap(([name, file]) =>
          file ? [[name, file.sha256]] : [],
        ),
      ),
    },
    history: roundNumbers(groupByName(parts.metrics)),
    training: parts.training,
  };
}

function dataOf(extract: ExtractSummary): CommonReport['data'] {
  return {
    rows: extract.rows,
    bad_rows: extract.badRows,
    bad_row_examples: extract.badRowExamples,
    findings: extract.findings,
    blank_rows: extract.blankRows,
    other_rows: extract.otherRows,
    lines: extract.lines,
    replaced_rows: extract.replacedRows,
    files: extract.files.map(
      ({ badRows, blankRows: blank_rows, otherRows: other_rows, replacedRows, ...file }) => ({
        ...file,
        bad_rows: badRows,
        blank_rows,
        other_rows,
        replaced_rows: replacedRows,
      }),
    ),
  };
}

interface LabelQuality {
  label: string;
  precision: number | null;
  recall: number | null;
  f1: number | null;
}

/** The shape that clients of the Model Bazaar know. */
export function bazaarMetrics(classes: readonly LabelQuality[]): Record<string, BazaarMetrics> {
  const shown = (value: number | null) => (value === null ? 'NaN' : Number(value.toFixed(3)));
  return Object.fromEntries(
    classes.map(({ label, precision, recall, f1 }) => [
      label,
      { precision: shown(precision), recall: shown(recall), fmeasure: shown(f1) },
    ]),
  );
}

function groupByName(metrics: TrainingFacts['metrics']): MetricHistory[] {
  const names = [...new Set(metrics.map(({ name }) => name))].sort();
  return names.map((name) => ({
    name,
    points: metrics
      .filter((metric) => metric.name === name)
      .sort((a, b) => a.step - b.step)
      .map(({ step, value }) => ({ step, value })),
  }));
}

/** Whole numbers stay; others keep five significant digits, more than any of them means. */
export function roundNumbers<T>(value: T): T {
  if (typeof value === 'number')
    return (Number.isInteger(value) ? value : Number(value.toPrecision(5))) as T;
  if (Array.isArray(value)) return value.map(roundNumbers) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, roundNumbers<unknown>(inner)]),
  ) as T;
}

function roundSeconds(seconds: number | null): number | null {
  return seconds === null ? null : Number(seconds.toFixed(3));
}
