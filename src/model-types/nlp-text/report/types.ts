import type { BazaarMetrics, CommonReport } from '../../reporting/commonReport';
import type { Evaluation } from '../evaluate/evaluation';

/**
 * The report of a training, as `GET /train/{id}/report` gives it. Fields are only ever added. Shares
 * and probabilities are 0 to 1 and rounded to five significant digits; what is undefined is null.
 */
export interface TrainReport extends Evaluation, CommonReport {
  report_version: 1;
  /** `withheld`: who asked may see scores, but no texts of the training data. */
  examples: 'shown' | 'withheld';
  /** Only with a base model: its own values on the same rows. */
  before_train_metrics?: Record<string, BazaarMetrics>;
  after_train_metrics: Record<string, BazaarMetrics>;
}
