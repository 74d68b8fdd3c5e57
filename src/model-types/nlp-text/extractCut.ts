/** Words of a document that are used; more say little new about its class. */
export const documentWords = 10_000;
/** The same bound for scripts that do not write spaces. */
export const documentCharacters = 100_000;

/** The start of a text: at most `documentWords` words and `documentCharacters` characters. */
export function cutText(text: string): { text: string; wasCut: boolean } {
  const start = text.length > documentCharacters ? wholeStart(text, documentCharacters) : text;
  const words = /\S+\s*/g;
  let end = 0;
  let count = 0;
  while (count < documentWords && words.test(start)) {
    end = words.lastIndex;
    count++;
  }
  const more = count === documentWords && words.test(start);
  if (more) return { text: start.slice(0, end).trimEnd(), wasCut: true };
  return { text: start, wasCut: start.length < text.length };
}

/** Does not tear a surrogate pair. */
function wholeStart(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}
