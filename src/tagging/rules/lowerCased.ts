/**
 * A text in lower case, each character at the offset that it had. Of all characters only İ (U+0130, Turkish
 * I with a dot) becomes longer; it is taken for the plain letter i. A typographic apostrophe becomes the plain one,
 * as in keywords.
 */
export function lowerCased(text: string): string {
  return text.replaceAll('\u0130', 'i').replaceAll('’', "'").toLowerCase();
}
