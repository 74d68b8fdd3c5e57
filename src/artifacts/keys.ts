import { TrainyardError } from '../errors';

const segment = /^[A-Za-z0-9._-]{1,128}$/;

/** S3 takes 1024 bytes; what is left is room for a prefix that the operator configures. */
const longestKey = 800;

function isSafe(key: string): boolean {
  if (key.length > longestKey) return false;
  return key.split('/').every((part) => segment.test(part) && part !== '.' && part !== '..');
}

function refuse(what: string, given: string): never {
  throw new TrainyardError(
    'bug',
    'invalid_artifact_key',
    `${JSON.stringify(given.slice(0, 200))} is no ${what}: parts of letters, digits, ".", "_" and "-", joined by "/"`,
    500,
  );
}

/** Throws `invalid_artifact_key` unless the key can only mean an object inside the store. */
export function checkKey(key: string): void {
  if (!isSafe(key)) refuse('artifact key', key);
}

/** The same for a prefix, which ends in `/` and is never empty. */
export function checkPrefix(prefix: string): void {
  if (!prefix.endsWith('/') || !isSafe(prefix.slice(0, -1))) refuse('artifact prefix', prefix);
}
