/** What a character is to the featurizer. */
export const CharacterKind = {
  space: 0,
  /** Part of a word: letter, digit, mark or underscore. */
  word: 1,
  /** Of a script written without spaces: a token of its own. */
  ideograph: 2,
  /** Any other visible sign: a token of its own. */
  sign: 3,
  emoji: 4,
  /** Ignored: control and format characters, variation selectors. */
  nothing: 5,
} as const;

const spacePattern = /^[\p{White_Space}\p{Cc}]$/u;
const ideographPattern =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u30FC]$/u;
const wordPattern = /^[\p{L}\p{N}\p{M}_]$/u;
const emojiPattern = /^[\p{Extended_Pictographic}\p{Regional_Indicator}]$/u;
const nothingPattern = /^[\p{Cf}\p{Cs}\uFE00-\uFE0F\u{E0100}-\u{E01EF}\u0307]$/u;

function classify(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  if (spacePattern.test(character)) return CharacterKind.space;
  if (nothingPattern.test(character)) return CharacterKind.nothing;
  if (ideographPattern.test(character)) return CharacterKind.ideograph;
  if (wordPattern.test(character)) return CharacterKind.word;
  if (emojiPattern.test(character)) return CharacterKind.emoji;
  return CharacterKind.sign;
}

const unknown = 255;
const known = new Uint8Array(0x110000).fill(unknown);

/** The kind of a code point. Each is looked up in Unicode's tables once. */
export function kindOf(codePoint: number): number {
  const kind = known[codePoint]!;
  return kind === unknown ? (known[codePoint] = classify(codePoint)) : kind;
}
