import type { AnyManifest } from '../bundle/bundleManifest';
import type { Evaluation, LabelMetrics } from '../evaluate/evaluation';
import type { ExtractSummary } from '../../../rows/extractFiles';
import type { MetricHistory } from '../../../report/lineChart';
import type { TrainingFacts } from '../../contract/reportType';
import type { BazaarMetrics, TrainReport } from './types';

/** What a report is made of; the files are those that the stages leave. */
export interface ReportParts extends Omit<TrainingFacts, 'read'> {
  /** `extract.json` */
  extract: ExtractSummary;
  /** `train.json` */
  training: unknown;
  /** `evaluation.json` */
  evaluation: Evaluation;
  /** `manifest.json` of the bundle. */
  manifest: AnyManifest;
}

export async function gatherParts({ read, ...facts }: TrainingFacts): Promise<ReportParts> {
  return {
    ...facts,
    extract: await read('extract', 'extract.json'),
    training: await read('train', 'train.json'),
    evaluation: await read('evaluate', 'evaluation.json'),
    manifest: await read('train', 'model/manifest.json'),
  };
}

export function buildReport(parts: ReportParts): TrainReport {
  const { model, run, extract, manifest, evaluation } = parts;
  return {
    report_version: 1,
    examples: 'shown',
    ...(evaluation.base && { before_train_metrics: bazaarMetrics(evaluation.base.classes) }),
    after_train_metrics: bazaarMetrics(evaluation.classes),
    ...roundNumbers(evaluation),
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
    data: {
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
    },
    lineage: {
      data_hash: manifest.data_hash,
      code_version: manifest.code_version,
      train_version: manifest.train_version,
      onnxruntime_version: parts.onnxruntimeVersion,
      base_model_id: model.baseModelId,
      model_files: Object.fromEntries(
        Object.entries(manifest.files).map(([name, { sha256 }]) => [name, sha256]),
      ),
    },
    history: roundNumbers(groupByName(parts.metrics)),
    training: parts.training,
  };
}

/** The shape that clients of the Model Bazaar know. */
export function bazaarMetrics(classes: readonly LabelMetrics[]): Record<string, BazaarMetrics> {
  const shown = (value: number | null) => (value === null ? 'NaN' : Number(value.toFixed(3)));
  return Object.fromEntries(
    classes.map(({ label, precision, recall, f1 }) => [
      label,
      { precision: shown(precision), recall: shown(recall), fmeasure: shown(f1) },
    ]),
  );
}

function groupByName(metrics: ReportParts['metrics']): MetricHistory[] {
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
function roundNumbers<T>(value: T): T {
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
