import { TrainyardError } from '../../../errors';
import type { StageContext } from '../../../stage/stageContext';
import { counted } from '../../../support/words';
import { quoted, type TagTable } from './tagTable';

/** What a tag is hardly learned from. */
const fewSpans = 5;
const shown = 10;

interface Tags {
  tags: readonly string[];
  ruleTags: readonly string[];
  table: TagTable;
  /** Tags that a base model has learned. */
  known: readonly string[];
  rows: number;
}

/**
 * Warns of tags with few spans or none.
 * @throws TrainyardError `no_spans` when there is nothing to learn
 */
export function checkTags(
  context: Pick<StageContext, 'warn'>,
  { tags, ruleTags, table, known, rows }: Tags,
): void {
  const learned = tags.filter((tag) => table.spansOf(tag) > 0);
  if (learned.length === 0 && tags.length > 0) {
    if (ruleTags.length === 0) throw noSpans(tags, table, rows);
    // Rules answer for their tags; what else was asked for has nothing to learn from.
  }
  const absent = tags.filter((tag) => table.spansOf(tag) === 0 && !known.includes(tag));
  if (absent.length > 0) {
    context.warn({
      code: 'tag_without_spans',
      message: `${counted(absent.length, 'tag of target_labels has', 'tags of target_labels have')} no span in the training data and will not be found: ${list(absent)}. Check the spelling, or add rows that have them.`,
    });
  }
  const rare = learned.filter((tag) => table.spansOf(tag) < fewSpans && !known.includes(tag));
  if (rare.length === 0) return;
  const names = rare.map((tag) => `${quoted(tag)} (${table.spansOf(tag)})`);
  context.warn({
    code: 'tag_with_few_spans',
    message: `${counted(rare.length, 'tag has', 'tags have')} fewer than ${fewSpans} spans to learn from: ${joined(names)}. Little can be learned from so few; add rows.`,
  });
}

function noSpans(tags: readonly string[], table: TagTable, rows: number): TrainyardError {
  const others = table.found();
  const found =
    others.length === 0
      ? `all tokens of all ${rows} rows are outside`
      : `the tags of the data are ${list(others)}`;
  return new TrainyardError(
    'data',
    'no_spans',
    `there is nothing to learn: no token has one of target_labels (${list(tags)}); ${found}. Check target_labels, target_column and default_tag.`,
  );
}

function list(tags: readonly string[]): string {
  return joined(tags.map(quoted));
}

function joined(names: readonly string[]): string {
  return `${names.slice(0, shown).join(', ')}${names.length > shown ? ', …' : ''}`;
}
