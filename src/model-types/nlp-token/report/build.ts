import type { TrainingFacts } from '../../contract/reportType';
import { bazaarMetrics, commonReport, roundNumbers } from '../../reporting/commonReport';
import type { TokenManifest } from '../bundle/manifest';
import type { Evaluation, TokenMetrics } from '../evaluate/evaluation';
import type { TokenReport } from './types';

/** The report, from the files that the stages leave. */
export async function buildReport({ read, ...facts }: TrainingFacts): Promise<TokenReport> {
  const { measured, before, ...evaluation } = await read<Evaluation>('evaluate', 'evaluation.json');
  const common = commonReport({
    ...facts,
    extract: await read('extract', 'extract.json'),
    training: await read('train', 'train.json'),
    manifest: await read<TokenManifest>('train', 'model/manifest.json'),
  });
  if (!measured) {
    return {
      report_version: 1,
      examples: 'shown',
      ...roundNumbers(evaluation),
      measured: null,
      ...common,
    };
  }
  const { tokens, examples, ...spans } = measured;
  return {
    report_version: 1,
    examples: 'shown',
    ...(before && { before_train_metrics: byTag(before) }),
    after_train_metrics: byTag(tokens),
    after_train_examples: examples,
    ...roundNumbers(evaluation),
    measured: roundNumbers(spans),
    ...common,
  };
}

function byTag(metrics: readonly TokenMetrics[]): ReturnType<typeof bazaarMetrics> {
  return bazaarMetrics(metrics.map(({ tag: label, ...quality }) => ({ label, ...quality })));
}
