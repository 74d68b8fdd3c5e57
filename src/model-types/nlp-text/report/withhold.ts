import { withoutQuotes } from '../../../data/quotedData';
import type { DataChecks } from '../../../classification/checks';
import type { TrainReport } from './types';

/**
 * The report without texts of the training data, for those who may see how good a model is but not what
 * it was trained on. Counts, scores and labels stay; a model tells its labels anyway.
 */
export function withholdExamples(report: TrainReport): TrainReport {
  const { checks, likely_wrong_labels: wrong, data } = report;
  return {
    ...report,
    examples: 'withheld',
    mistakes: report.mistakes.map((mistake) => ({ ...mistake, examples: [] })),
    worst: [],
    checks: {
      ...checks,
      ...emptied(checks, 'empty_texts', 'duplicates', 'conflicts', 'overlap'),
    },
    likely_wrong_labels: wrong && { ...wrong, examples: [] },
    warnings: report.warnings.map(({ code, message }) => ({
      code,
      message: withoutQuotes(code, message),
    })),
    // Reasons for which rows were skipped quote their cells.
    data: { ...data, bad_row_examples: [], findings: [] },
  };
}

type Finding = 'empty_texts' | 'duplicates' | 'conflicts' | 'overlap';

function emptied(checks: DataChecks, ...names: Finding[]): Pick<DataChecks, Finding> {
  return Object.fromEntries(
    names.map((name) => [name, { count: checks[name].count, examples: [] }]),
  ) as unknown as Pick<DataChecks, Finding>;
}
