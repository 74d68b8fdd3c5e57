import { codePointName, foldCase } from '../support/unicode';

/**
 * How names that people write are compared: labels, columns, class folders. Two programs may write one
 * name in different bytes (é as one code point or as two, a no-break space, a zero-width space that came
 * along when it was copied), and nobody can see it.
 */

/** Names of printable ASCII with single spaces, which most are: they stay as they are. */
const plain = /^[!-~]+(?: [!-~]+)*$/;

/**
 * Soft hyphen, grapheme joiner, Arabic letter mark, Hangul fillers, Khmer inherent vowels, zero-width
 * space and direction marks, direction controls, word joiner and invisible operators, byte order mark,
 * annotation marks.
 */
const invisible =
  /\u034F|\u17B4|\u17B5|[\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]/gu;

/**
 * Zero-width joiner and non-joiner mean something in scripts whose letters join and between the parts of
 * an emoji; elsewhere they are as invisible as the others.
 */
const strayJoiner =
  /(?<![\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Lo}])[\u200C\u200D]+|[\u200C\u200D]+(?![\p{M}\p{Extended_Pictographic}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Lo}])/gu;

/**
 * The form in which names are compared and kept: NFC (Unicode Standard Annex 15), without invisible
 * characters, every white space a single space, none at the ends. Other names of the same look, such as
 * `Refund` and `refund`, stay apart: see `lookAlikeKey`.
 */
export function canonicalName(name: string): string {
  if (plain.test(name)) return name;
  return name
    .replace(invisible, '')
    .replace(strayJoiner, '')
    .normalize('NFC')
    .replace(/[\s\u0085]+/gu, ' ')
    .trim();
}

/** Letters of Greek and Cyrillic that most typefaces draw as a Latin one, after lower-casing. */
const latinTwins: Record<string, string> = {
  ...pairs('аеорсухіјѕһԁԛԝ', 'aeopcyxijshdqw'),
  ...pairs('αορνικτυχ', 'aopvikttx'),
};

function pairs(letters: string, latin: string): Record<string, string> {
  return Object.fromEntries(Array.from(letters, (letter, i) => [letter, latin[i]!]));
}

/**
 * The same for names that a reader would take for one another: they differ in case, width, ligatures, kinds
 * of dash and quote, a space or an underscore, or in letters of another script that look Latin. A small
 * part of what UTS 39 (Unicode Security Mechanisms) calls confusable: what people really mix up.
 */
export function lookAlikeKey(name: string): string {
  const folded = foldCase(canonicalName(name))
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/[\p{Pc}\s]+/gu, ' ')
    .replace(/[‘’‚‛′`´]/gu, "'")
    .replace(/[“”„‟″«»]/gu, '"')
    .trim();
  return Array.from(folded, (letter) => latinTwins[letter] ?? letter).join('');
}

/** Why two names that are not the same look alike, for a message. */
export function lookAlikeReason(one: string, other: string): string {
  if (one.toLowerCase() === other.toLowerCase()) return 'they differ only in upper and lower case';
  const [a, b] = differingCharacters(one.toLowerCase(), other.toLowerCase());
  return `they look alike and differ in their characters: ${a} and ${b}`;
}

function differingCharacters(one: string, other: string): [string, string] {
  const [a, b] = [Array.from(one), Array.from(other)];
  const at = a.findIndex((character, i) => character !== b[i]);
  const place = at < 0 ? a.length : at;
  return [codePoint(a[place]), codePoint(b[place])];
}

function codePoint(character: string | undefined): string {
  if (character === undefined) return 'nothing';
  return `${visibleName(character)} (${codePointName(character)})`;
}

/**
 * A name as messages show it: characters that nobody sees, and spaces other than the plain one, are
 * written as `\u{200B}`. A letter with combining marks that NFC would compose is written apart
 * (`e\u{301}`), so that two forms of a name look different.
 */
export function visibleName(name: string): string {
  if (plain.test(name)) return name;
  const composed = name.normalize('NFC');
  const shown = composed === name ? name : name.replace(/\p{M}/gu, escaped);
  return shown.replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]|(?! )\p{Z}/gu, escaped);
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16).toUpperCase()}}`;
}
