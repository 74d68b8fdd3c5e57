import type { TaggedPlace, TaggedRow } from './taggedRow';

/** Spans of the data, spans found, and those that are right; and what follows. */
export interface SpanFigures {
  f1: number;
  precision: number;
  recall: number;
  gold: number;
  found: number;
  right: number;
}

/**
 * Strict figures, as `conlleval` defines them: a span is right when first character, last character and tag are.
 * @param answers the spans that were found, one list for each row
 * @param types only spans with these tags count, on both sides; all when not given
 */
export function strictScores(
  rows: readonly TaggedRow[],
  answers: readonly TaggedPlace[][],
  types?: readonly string[],
): SpanFigures {
  const counts = { gold: 0, found: 0, right: 0 };
  const keys = (spans: readonly TaggedPlace[]): Set<string> =>
    new Set(spans.filter(([, , tag]) => types?.includes(tag) ?? true).map((span) => span.join()));
  for (const [i, row] of rows.entries()) {
    const [gold, found] = [keys(row.spans), keys(answers[i]!)];
    counts.gold += gold.size;
    counts.found += found.size;
    for (const key of found) if (gold.has(key)) counts.right++;
  }
  const { gold, found, right } = counts;
  return {
    f1: share(2 * right, gold + found),
    precision: share(right, found),
    recall: share(right, gold),
    ...counts,
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000;
}
