import { findRuleMatches } from '..';

/** What a tag's rule finds in a text. */
export function pieces(tag: string, text: string): string[] {
  return findRuleMatches(text, [tag]).map(({ start, end }) => text.slice(start, end));
}

/** The score of the only match of a tag, NaN if there is not one. */
export function score(tag: string, text: string): number {
  const matches = findRuleMatches(text, [tag]);
  return matches.length === 1 ? matches[0]!.score : Number.NaN;
}
