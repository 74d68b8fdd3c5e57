import { codePointName } from '../support/unicode';

/**
 * Characters that nobody sees, or that change how others are shown: controls, line breaks, zero-width
 * and bidirectional ones, fillers, private use.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** The first character of a text that nobody sees, as `U+202E`; undefined when there is none. */
export function invisibleIn(text: string): string | undefined {
  const found = invisible.exec(text)?.[0];
  return found === undefined ? undefined : codePointName(found);
}
