import { normalizeText } from '../../ml/text/characters';
import { hashUnits } from './featureHash';
import { attributes, type Attribute } from './featureSpec';

const number = Object.fromEntries(attributes.map((name, i) => [name, i])) as Record<
  Attribute,
  number
>;

/** Stands where a token has no such attribute. */
export const absent = 0;

/** The hashes of a token's own attributes, in the order of `attributes`, and what the sentence is judged by. */
export interface WordAttributes {
  hashes: Int32Array;
  hasLetters: boolean;
  /** It has letters, and no small one. */
  isCapitals: boolean;
}

/** Longer words are cut: what tells them apart stands at their start. */
const maxUnits = 1000;

/** Reads a word; see `TokenFeatures`. */
export function wordAttributes(word: string): WordAttributes {
  const written = word.slice(0, maxUnits).normalize('NFC');
  const lower = normalizeText(written, maxUnits).replace(/\p{N}/gu, '0');
  const hashes = new Int32Array(attributes.length);
  const set = (attribute: Attribute, text: string): void => {
    const salt = number[attribute] + 1;
    hashes[number[attribute]] = hashUnits(salt, text, 0, text.length) || 1;
  };
  set('word', written);
  set('lower', lower);
  set('shape', shapeOf(written, 1));
  set('long', shapeOf(written, 4));
  const characters = Array.from(lower);
  for (const n of [1, 2, 3, 4, 5] as const) {
    if (characters.length < n) break;
    set(`prefix${n}`, characters.slice(0, n).join(''));
    set(`suffix${n}`, characters.slice(-n).join(''));
  }
  const hasLetters = /\p{L}/u.test(written);
  return { hashes, hasLetters, isCapitals: hasLetters && !/\p{Ll}/u.test(written) };
}

/** What stands before the first token and after the last. */
export function edgeAttributes(mark: string): WordAttributes {
  const { hashes } = wordAttributes(mark);
  const affixes = number.prefix1;
  return { hashes: hashes.fill(absent, affixes), hasLetters: false, isCapitals: false };
}

/** Whether a sentence is in capitals, as an attribute of each of its tokens. */
export function capitalsHash(words: readonly WordAttributes[]): number {
  const withLetters = words.filter(({ hasLetters }) => hasLetters).length;
  const capitals = words.filter(({ isCapitals }) => isCapitals).length;
  const mark = capitals > 0.7 * withLetters ? '1' : '0';
  return hashUnits(number.capitals + 1, mark, 0, 1);
}

function shapeOf(word: string, longestRun: number): string {
  let shape = '';
  let last = '';
  let run = 0;
  for (const character of word) {
    const kind = kindOf(character);
    run = kind === last ? run + 1 : 1;
    last = kind;
    if (run <= longestRun) shape += kind;
  }
  return shape;
}

function kindOf(character: string): string {
  if (/\p{Lu}/u.test(character)) return 'X';
  if (/\p{L}/u.test(character)) return 'x';
  if (/\p{N}/u.test(character)) return 'd';
  return /\p{M}/u.test(character) ? '' : character;
}
