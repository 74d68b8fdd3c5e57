import { domainToUnicode } from 'node:url';
import { TrainyardError } from '../errors';
import { invisibleIn } from './invisible';
import { foldCase } from '../support/unicode';
import { skeleton } from './lookAlike';

const longest = 254;
/** A local part, one @, a host name. A colon would end the address in HTTP Basic. */
const shape = /^[^\s@:"(),;<>[\]\\]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}.-]*[\p{L}\p{N}\p{M}])?$/u;

/** What is allowed, for messages. */
export const emailRule = `an address like name@example.org, ${longest} characters at most`;

export function isEmailAddress(text: string): boolean {
  return (
    text.length <= longest &&
    shape.test(text) &&
    !text.includes('..') &&
    invisibleIn(text) === undefined
  );
}

/**
 * An e-mail address in one spelling: composed (NFC), without spaces at its ends.
 * @throws TrainyardError 422 when it does not have the shape of one
 */
export function emailAddress(text: string): string {
  const address = text.normalize('NFC').trim();
  if (isEmailAddress(address)) return address;
  throw new TrainyardError('config', 'invalid_email', `email: allowed is ${emailRule}`);
}

/**
 * What addresses are compared by: one for all that differ in case only, or in letters of another
 * script that look like Latin ones. Letters and digits of ASCII keep apart: jo1@… and jol@… may be two
 * people, and neither could choose another address.
 */
export function emailKey(address: string): string {
  const folded = foldCase(address.trim());
  const at = folded.lastIndexOf('@');
  const host = folded.slice(at + 1);
  const whole = folded.slice(0, at + 1) + (domainToUnicode(host) || host);
  return whole.replaceAll(/[^\0-\x7f]+/g, skeleton);
}
