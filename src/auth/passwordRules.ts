import { TrainyardError } from '../errors';
import { foldCase } from '../support/unicode';

/** Characters that a password has at least, unless the operator says otherwise. */
export const shortestPassword = 8;
/** Hashing takes time with the length: a bound keeps one request from costing more than any other. */
export const longestPassword = 1000;

/**
 * The rules that every new password is held to, wherever it comes from. They follow NIST SP 800-63B:
 * a length, nothing about which kinds of characters, and not what everybody knows of its owner.
 * @param shortest characters (code points) at least
 * @throws TrainyardError 422 saying which rule it breaks
 */
export function checkNewPassword(
  password: string,
  owner: { username: string; email: string },
  shortest = shortestPassword,
): void {
  if (Array.from(password).length < shortest) {
    throw weak(`must have ${shortest} characters at least`);
  }
  if (password.length > longestPassword) {
    throw weak(`must have ${longestPassword} characters at most`);
  }
  const known = [owner.username, owner.email, owner.email.replace(/@.*$/, '')];
  if (known.some((word) => foldCase(word) === foldCase(password))) {
    throw weak('must be neither the username nor the e-mail address');
  }
}

function weak(rule: string): TrainyardError {
  return new TrainyardError('config', 'weak_password', `password: ${rule}`);
}
