const longest = 200;

/** A text in one line, cut to at most 200 characters: what people are shown of a row. */
export function excerpt(text: string): string {
  const line = text
    .slice(0, 4 * longest)
    .replace(/\s+/gu, ' ')
    .trim();
  if (line.length <= longest) return line;
  return `${line.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}
