import type { StageContext } from '../stage/stageContext';
import { counted } from '../support/words';
import { type LabelTable, nearLabels, quoted } from './labelTable';

/** Labels that a warning names. */
const shown = 5;

type Warn = Pick<StageContext, 'warn'>;

/** A label that only test rows have can never be right: worth a word, not a failure. */
export function warnOfUnknownLabels(context: Warn, unknown: LabelTable): void {
  const labels = unknown.order([]);
  if (labels.length === 0) return;
  context.warn({
    code: 'label_only_in_test',
    message:
      `${counted(labels.length, 'label stands', 'labels stand')} only in the test rows and can never be predicted: ` +
      `${listLabels(labels, unknown)}. Check their spelling, or add training rows.`,
  });
}

/** A label with one row is hardly learned, and cannot be measured without being unlearned. */
export function warnOfFewRows(context: Warn, table: LabelTable, labels: readonly string[]): void {
  const alone = labels.filter((label) => table.rowsOf(label) === 1);
  if (alone.length === 0) return;
  context.warn({
    code: 'label_with_one_row',
    message:
      `${counted(alone.length, 'label has', 'labels have')} a single training row: ${listLabels(alone, table)}. ` +
      'Little can be learned from one row, and none is left to measure on. Add rows, or join the label with another.',
  });
}

/** Labels that differ only in case or look are most likely one, written in two ways. */
export function warnOfNearLabels(
  context: Warn,
  labels: readonly string[],
  table: LabelTable,
  unknown: LabelTable | undefined,
): void {
  const all = [...labels, ...(unknown?.order([]) ?? [])];
  const rowsOf = (label: string): number => table.rowsOf(label);
  const near = nearLabels(all, rowsOf);
  for (const { rare, common, reason } of near.slice(0, shown)) {
    const of = (label: string): string =>
      `${quoted(label)} (${counted(rowsOf(label), 'training row', 'training rows')})`;
    context.warn({
      code: 'labels_look_alike',
      message: `${of(rare)} and ${of(common)} are two labels; ${reason}. If they are meant to be one, write them alike.`,
    });
  }
  if (near.length <= shown) return;
  const message = `${counted(near.length - shown, 'more label looks', 'more labels look')} like another`;
  context.warn({ code: 'labels_look_alike', message });
}

function listLabels(labels: readonly string[], table: LabelTable): string {
  const names = labels.slice(0, shown).map((label) => `${quoted(label)} (${table.rowsOf(label)})`);
  return `${names.join(', ')}${labels.length > shown ? ', …' : ''}`;
}
