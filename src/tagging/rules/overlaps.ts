import type { RuleMatch, Span } from './rule';

/** Of matches that overlap, the one with the higher score, or else the longer one; in order of the text. */
export function bestOf(matches: readonly RuleMatch[]): RuleMatch[] {
  const kept: RuleMatch[] = [];
  for (const match of matches) {
    const last = kept.at(-1);
    if (last === undefined || last.end <= match.start) kept.push(match);
    else if (isBetter(match, last)) kept[kept.length - 1] = match;
  }
  return kept;
}

function isBetter(one: RuleMatch, other: RuleMatch): boolean {
  if (one.score !== other.score) return one.score > other.score;
  return one.end - one.start > other.end - other.start;
}

/** The matches that overlap none of the settled parts; both in order of the text. */
export function apart(matches: readonly RuleMatch[], settled: readonly Span[]): RuleMatch[] {
  let next = 0;
  return matches.filter(({ start, end }) => {
    while (next < settled.length && settled[next]!.end <= start) next += 1;
    return next === settled.length || settled[next]!.start >= end;
  });
}

/** By start, the longer first. */
export function byPlace(one: Span, other: Span): number {
  return one.start - other.start || other.end - one.end;
}
