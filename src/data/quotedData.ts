/** Where a message of each code begins to quote the data that a training read. */
const quotesFrom: Record<string, RegExp> = {
  bad_row: /: /,
  too_many_bad_rows: /\. (?=The first|They are)/,
  no_rows: /\. (?=The first|They are)/,
  unknown_column: / \(columns: /,
  duplicate_column: / \(columns: /,
};

/** A message without what it quotes of the data: `12 rows were skipped`. */
export function withoutQuotes(code: string, message: string): string {
  const quote = Object.hasOwn(quotesFrom, code) ? quotesFrom[code]!.exec(message) : null;
  return quote ? message.slice(0, quote.index) : message;
}

/** The same for a message as it is kept, with its code behind it: `12 rows were skipped [bad_row]`. */
export function textWithoutQuotes(text: string): string {
  const [, message, code] = /^(.*) \[(\w+)\]$/s.exec(text) ?? [];
  if (message === undefined || code === undefined) return text;
  return `${withoutQuotes(code, message)} [${code}]`;
}
