import { wholeStart } from '../support/words';

const longest = 200;

/** A text in one line, cut to at most 200 characters: what people are shown of a row. */
export function excerpt(text: string): string {
  const line = wholeStart(text, 4 * longest)
    .replace(/\s+/gu, ' ')
    .trim();
  if (line.length <= longest) return line;
  return `${wholeStart(line, longest - 1)}…`;
}
