import type { Span } from './rule';

/** One space or dash between groups of digits; also those that do not break a line. */
export const gap = '[ \\u00A0\\u202F\\u2010\\u2011\\u2013-]';

/** Between two digits these make one number, version or range of both. */
const joint = '[.\\u2010\\u2011\\u2013-]';

/**
 * A pattern for what is no part of a longer word or number: a letter, digit or `@` beside it, or a digit
 * behind a dot or dash, makes it a part. Every quantifier in `source` must be bounded: then the work at each
 * place of a text is, and the whole is linear in its length.
 */
export function standingAlone(source: string): RegExp {
  return new RegExp(
    `(?<![\\p{L}\\p{N}_@]|\\d${joint})(?:${source})(?![\\p{L}\\p{N}_@]|${joint}\\d)`,
    'gu',
  );
}

/**
 * Where a global pattern matches and the check takes some of what it found: `takenLength` tells how many
 * UTF-16 units from its start, 0 for none. What it takes may overlap: a later start may turn out to be the better one.
 */
export function* scan(
  text: string,
  pattern: RegExp,
  takenLength: (found: string) => number,
): Generator<Span> {
  let from = 0;
  for (;;) {
    // The pattern belongs to the module, so its position may be from another search.
    pattern.lastIndex = from;
    const match = pattern.exec(text);
    if (match === null) return;
    const length = takenLength(match[0]);
    if (length > 0) yield { start: match.index, end: match.index + length };
    from = match.index + 1;
  }
}

/** For `scan`: all of what was found, or nothing. */
export function wholeIf(check: (found: string) => boolean): (found: string) => number {
  return (found) => (check(found) ? found.length : 0);
}

export function digitsOf(found: string): string {
  return found.replace(/\D/g, '');
}
