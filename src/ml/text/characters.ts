import { mix32 } from '../random/counterRandom';
import { CharacterKind, kindOf } from './characterKinds';

/** A text as the featurizer sees it: one entry per character, an emoji with its modifiers being one. */
export class Characters {
  /** The normalised text that the entries point into. */
  text = '';
  length = 0;
  /** A code point, or for an emoji of several code points a hash above all code points. */
  symbols = new Int32Array(256);
  kinds = new Uint8Array(256);
  /** Where each character starts in `text`, in UTF-16 units; one more entry marks the end. */
  starts = new Int32Array(257);

  reserve(length: number): void {
    if (length <= this.symbols.length) return;
    const capacity = 2 ** Math.ceil(Math.log2(length));
    this.symbols = new Int32Array(capacity);
    this.kinds = new Uint8Array(capacity);
    this.starts = new Int32Array(capacity + 1);
  }

  /** The characters from `from` to before `to`; places outside the text are spaces. */
  slice(from: number, to: number): string {
    const inside = this.text.slice(
      this.starts[Math.max(from, 0)],
      this.starts[Math.min(to, this.length)],
    );
    return (from < 0 ? ' ' : '') + inside + (to > this.length ? ' ' : '');
  }
}

/**
 * Compatibility composition and lower case; the cedilla forms of Romanian ș and ț, which older
 * keyboards write, become the comma-below forms, and the final sigma a plain one.
 */
export function normalizeText(text: string, maxCharacters: number): string {
  let end = Math.min(text.length, maxCharacters);
  if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
  return text
    .slice(0, end)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('\u015F', '\u0219')
    .replaceAll('\u0163', '\u021B')
    .replaceAll('\u03C2', '\u03C3');
}

/** Splits a text into characters, reusing the arrays of `into`. */
export function readCharacters(text: string, maxCharacters: number, into: Characters): void {
  const normalized = normalizeText(text, maxCharacters);
  into.text = normalized;
  into.reserve(normalized.length);
  const { symbols, kinds, starts } = into;
  let length = 0;
  let at = 0;
  while (at < normalized.length) {
    const start = at;
    let symbol = normalized.charCodeAt(at++);
    if (isHighSurrogate(symbol)) {
      symbol = normalized.codePointAt(start)!;
      if (symbol > 0xffff) at++;
    }
    const kind = kindOf(symbol);
    if (kind === CharacterKind.nothing) continue;
    if (kind === CharacterKind.emoji) {
      at = emojiEnd(normalized, at, symbol);
      symbol = emojiSymbol(normalized, start, at);
    }
    symbols[length] = kind === CharacterKind.space ? 32 : symbol;
    kinds[length] = kind;
    starts[length++] = start;
  }
  starts[length] = normalized.length;
  into.length = length;
}

const joiner = 0x200d;

/** The end of an emoji that starts with `first` and goes on at `at`: modifiers, joined parts, flags. */
function emojiEnd(text: string, at: number, first: number): number {
  if (isRegionalIndicator(first)) {
    const second = text.codePointAt(at) ?? 0;
    return isRegionalIndicator(second) ? at + 2 : at;
  }
  let joined = false;
  while (at < text.length) {
    const next = text.codePointAt(at)!;
    const belongs =
      next === joiner ||
      isEmojiModifier(next) ||
      (joined && kindOf(next) === CharacterKind.emoji && !isRegionalIndicator(next));
    if (!belongs) break;
    joined = next === joiner;
    at += next > 0xffff ? 2 : 1;
  }
  return at;
}

/** The same emoji with and without a variation selector is one symbol. */
function emojiSymbol(text: string, start: number, end: number): number {
  let symbol = 0;
  for (let at = start; at < end; at++) {
    const codePoint = text.codePointAt(at)!;
    if (codePoint > 0xffff) at++;
    if (isVariationSelector(codePoint)) continue;
    symbol = symbol === 0 ? codePoint : 0x40000000 | (mix32(symbol ^ codePoint) >>> 2);
  }
  return symbol;
}

function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

function isRegionalIndicator(codePoint: number): boolean {
  return codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff;
}

function isVariationSelector(codePoint: number): boolean {
  return codePoint === 0xfe0f || codePoint === 0xfe0e;
}

function isEmojiModifier(codePoint: number): boolean {
  return isVariationSelector(codePoint) || (codePoint >= 0x1f3fb && codePoint <= 0x1f3ff);
}
