import type { AnyManifest } from '../bundle/bundleManifest';
import type { Evaluation } from '../evaluate/evaluation';
import type { TrainingFacts } from '../../contract/reportType';
import {
  bazaarMetrics,
  commonReport,
  type CommonParts,
  roundNumbers,
} from '../../reporting/commonReport';
import type { TrainReport } from './types';

/** What a report is made of; the files are those that the stages leave. */
export interface ReportParts extends CommonParts {
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
  const { evaluation } = parts;
  return {
    report_version: 1,
    examples: 'shown',
    ...(evaluation.base && { before_train_metrics: bazaarMetrics(evaluation.base.classes) }),
    after_train_metrics: bazaarMetrics(evaluation.classes),
    ...roundNumbers(evaluation),
    ...commonReport(parts),
  };
}
