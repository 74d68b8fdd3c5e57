import { TrainyardError } from '../errors';
import { invisibleIn } from './invisible';
import { foldCase } from '../support/unicode';
import { skeleton } from './lookAlike';

/**
 * A name that others see, of a user or a team, in one spelling: composed (NFC), without spaces at its
 * ends, one space where there are several.
 * @param what the field, for the error: `username`
 * @param longest in UTF-16 code units
 * @throws TrainyardError 422 for characters that nobody sees, and for a name that is empty or too long
 */
export function displayName(what: string, text: string, longest: number): string {
  const name = text
    .normalize('NFC')
    .replace(/\p{Zs}+/gu, ' ')
    .replace(/^ | $/g, '');
  const unseen = invisibleIn(name);
  if (unseen !== undefined) {
    throw invalid(`${what}: must not contain invisible characters, ${unseen} is one`);
  }
  if (name === '') throw invalid(`${what}: must not be empty`);
  if (name.length > longest) throw invalid(`${what}: must have ${longest} characters at most`);
  return name;
}

/** Two names may not have one of these in common. */
export interface NameKeys {
  /** The same for names that differ in case, or look alike once their case does not count. */
  folded: string;
  /** The same for names that look alike as they are written: `AIice` with a capital i, and `Alice`. */
  look: string;
}

export function nameKeys(name: string): NameKeys {
  return { folded: skeleton(foldCase(name)), look: skeleton(name) };
}

function invalid(message: string): TrainyardError {
  return new TrainyardError('config', 'invalid_name', message);
}
