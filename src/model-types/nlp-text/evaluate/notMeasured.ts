import type { DataChecks } from '../../../classification/checks';
import type { LabelMetrics, NotMeasured } from './evaluation';

/** With no more rows than this a label's own values are hardly more than chance. */
const fewRows = 2;
const shown = 10;

/** What the scores say nothing about. */
export function notMeasured(
  classes: readonly LabelMetrics[],
  labels: readonly string[],
  { overlap }: Pick<DataChecks, 'overlap'>,
): NotMeasured {
  const known = classes.slice(0, labels.length);
  const without = known.filter(({ support }) => support === 0).map(({ label }) => label);
  const few = known.filter(({ support }) => support > 0 && support <= fewRows);
  return {
    labels_without_rows: { count: without.length, examples: without.slice(0, shown) },
    labels_with_few_rows: {
      count: few.length,
      examples: few.slice(0, shown).map(({ label, support }) => ({ label, rows: support })),
    },
    repeated_texts: overlap.count,
  };
}
