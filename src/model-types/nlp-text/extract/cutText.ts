import { wholeStart } from '../../../support/words';

/** Words of a document that are used; more say little new about its class. */
export const documentWords = 10_000;
/** The same bound for scripts that do not write spaces. */
export const documentCharacters = 100_000;

/** The start of a text: at most `documentWords` words and `documentCharacters` characters. */
export function cutText(text: string): { text: string; wasCut: boolean } {
  const start = wholeStart(text, documentCharacters);
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
