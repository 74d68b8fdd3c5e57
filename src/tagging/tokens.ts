/**
 * What gets a tag. `whitespace`: what stands between white space, as in CSV and CoNLL files.
 * `words`: the same, with the signs at its ends and an English possessive as tokens of their own, so that
 * `(London's)` is `(`, `London`, `'s`, `)`: spans that people mark with a mouse end there.
 */
export type TokenUnit = 'whitespace' | 'words';
export const tokenUnits: readonly TokenUnit[] = ['whitespace', 'words'];

/** Where the tokens of a text are, in UTF-16 units. */
export interface Tokens {
  starts: Int32Array;
  ends: Int32Array;
}

/** White space as Unicode has it, and control characters, some of which are white space to Python's `str.split`. */
const piece = /[^\p{White_Space}\p{Cc}]+/gu;
const inside = /[\p{L}\p{N}\p{M}]/u;
const possessive = /['’][sS]$/;

/** The tokens of a text, in their order. */
export function tokenize(text: string, unit: TokenUnit): Tokens {
  const starts: number[] = [];
  const ends: number[] = [];
  const add = (start: number, end: number): void => {
    starts.push(start);
    ends.push(end);
  };
  for (const { 0: found, index } of text.matchAll(piece)) {
    if (unit === 'whitespace') add(index, index + found.length);
    else splitPiece(found, (start, end) => add(index + start, index + end));
  }
  return { starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
}

function splitPiece(found: string, add: (start: number, end: number) => void): void {
  const characters = Array.from(found);
  let first = characters.findIndex((character) => inside.test(character));
  if (first === -1) first = characters.length;
  let last = characters.length;
  while (last > first && !inside.test(characters[last - 1]!)) last--;
  let at = 0;
  const addSigns = (from: number, to: number): void => {
    for (const sign of characters.slice(from, to)) add(at, (at += sign.length));
  };
  addSigns(0, first);
  const word = characters.slice(first, last).join('');
  if (word !== '') {
    const cut = possessive.exec(word)?.index ?? word.length;
    if (cut > 0) add(at, at + cut);
    if (cut < word.length) add(at + cut, at + word.length);
    at += word.length;
  }
  addSigns(last, characters.length);
}

/** The tokens themselves. */
export function wordsOf(text: string, { starts, ends }: Tokens): string[] {
  return Array.from(starts, (start, i) => text.slice(start, ends[i]));
}
