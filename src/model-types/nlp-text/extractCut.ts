/** Words of a document that are used; more say little new about its class. */
export const documentWords = 10_000;
/** The same bound for scripts that do not write spaces. */
const documentCharacters = 100_000;

/** The start of a text: at most `documentWords` words and 100,000 characters. */
export function cutText(text: string): { text: string; wasCut: boolean } {
  const start = text.length > documentCharacters ? wholeStart(text, documentCharacters) : text;
  const words = /\S+\s*/g;
  for (let count = 0; count < documentWords; count++) {
    if (!words.test(start)) return { text: start, wasCut: start.length < text.length };
  }
  return {
    text: start.slice(0, words.lastIndex).trimEnd(),
    wasCut: words.test(start) || start.length < text.length,
  };
}

/** Does not tear a surrogate pair. */
function wholeStart(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}
