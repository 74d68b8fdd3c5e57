import { withoutQuotes } from '../../../data/quotedData';
import type { TokenReport } from './types';

/**
 * The report without texts of the training data, for those who may see how good a model is but not what
 * it was trained on. Counts, scores and tags stay; a model tells its tags anyway.
 */
export function withholdExamples(report: TokenReport): TokenReport {
  const { measured, data } = report;
  const withheld: TokenReport = {
    ...report,
    examples: 'withheld',
    measured: measured && {
      ...measured,
      worst: [],
      likely_wrong_tags: { ...measured.likely_wrong_tags, examples: [] },
    },
    warnings: report.warnings.map(({ code, message }) => ({
      code,
      message: withoutQuotes(code, message),
    })),
    // Reasons for which rows were skipped quote their cells.
    data: { ...data, bad_row_examples: [], findings: [] },
  };
  if (report.after_train_examples) {
    withheld.after_train_examples = {
      ...{ true_positives: {}, false_positives: {}, false_negatives: {} },
    };
  }
  return withheld;
}
