import type { Span } from './rule';

/** How far from a match a keyword may stand, in UTF-16 units; all of it must lie within. */
const reach = 30;

/**
 * Tells what the keywords around a part of a text add to its score: each counts once, wherever it stands.
 * They stand as words of their own, in singular or plural; where a keyword has a space, the text may have
 * none or up to two of spaces, underscores, dots and dashes, so that `card number` is also `card_number`.
 */
export function keywordScorer(scores: Record<string, number>): (text: string, at: Span) => number {
  // Longer ones first: in "credit card" the word "card" is not found once more.
  const phrases = Object.keys(scores).sort((a, b) => b.length - a.length);
  // Most characters begin no keyword: they are passed over before anything else is looked at.
  const initials = [...new Set(phrases.map((phrase) => phrase[0]))].join('');
  const pattern = new RegExp(
    `(?=[${initials}])(?<![\\p{L}\\p{N}])(${phrases.map(spaced).join('|')})s?(?![\\p{L}\\p{N}])`,
    'gu',
  );
  const values = new Map(phrases.map((phrase) => [tight(phrase), scores[phrase]!]));

  return (text, { start, end }) => {
    const found = new Set<string>();
    // One unit more on either side shows whether the word goes on there.
    const from = Math.max(0, start - reach - 1);
    collect(text.slice(from, start), start - reach - from, start - from);
    collect(text.slice(end, end + reach + 1), 0, reach);
    let sum = 0;
    for (const phrase of found) sum += values.get(phrase) ?? 0;
    return sum;

    function collect(window: string, first: number, last: number): void {
      for (const match of window.matchAll(pattern)) {
        const inside = match.index >= first && match.index + match[0].length <= last;
        if (inside) found.add(tight(match[1]!));
      }
    }
  };
}

const spaced = (phrase: string): string => phrase.replaceAll(' ', '[\\s_.-]{0,2}');
const tight = (phrase: string): string => phrase.replace(/[\s_.-]+/g, '');
