import type { BazaarMetrics, CommonReport } from '../../reporting/commonReport';
import type { Evaluation, Measured, TokenExamples } from '../evaluate/evaluation';

/**
 * The report of a training, as `GET /train/{id}/report` gives it. Fields are only ever added. Shares
 * and probabilities are 0 to 1 and rounded to five significant digits; what is undefined is null.
 */
export interface TokenReport extends Omit<Evaluation, 'measured' | 'before'>, CommonReport {
  report_version: 1;
  /** `withheld`: who asked may see scores, but no texts of the training data. */
  examples: 'shown' | 'withheld';
  /** By tag, counted by tokens: the base model's, or those of a model that has learned nothing. Absent where nothing was measured. */
  before_train_metrics?: Record<string, BazaarMetrics>;
  after_train_metrics?: Record<string, BazaarMetrics>;
  after_train_examples?: TokenExamples;
  /** Counted by spans. */
  measured: Omit<Measured, 'tokens' | 'examples'> | null;
}
