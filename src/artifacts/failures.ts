import { TrainyardError, messageOf } from '../errors';

/** The object is not (or no longer) in the store. */
export function artifactMissing(key: string): TrainyardError {
  return new TrainyardError(
    'infrastructure',
    'artifact_missing',
    `the stored object ${key} is not there: it was deleted, or the artifact store is another one than before`,
    500,
  );
}

/** The bytes that were read are not the bytes that were stored. */
export function artifactCorrupt(name: string, found: string, expected: string): TrainyardError {
  return new TrainyardError(
    'infrastructure',
    'artifact_corrupt',
    `the stored object ${name} is damaged: found ${found}, stored were ${expected}`,
    500,
  );
}

/** Turns a full disk into an error that says so; everything else is passed through. */
export function explainStorageFailure(error: unknown): unknown {
  if (!hasCode(error, 'ENOSPC', 'EDQUOT')) return error;
  return new TrainyardError(
    'infrastructure',
    'disk_full',
    'the disk of the artifact store is full: free some space and try again',
    507,
  );
}

/** Whether something thrown carries one of these system or service error names. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, name } = error as Partial<NodeJS.ErrnoException>;
  return [code, name].some((word) => word !== undefined && codes.includes(word));
}

/** Says for an unreachable or refusing service what was tried, without addresses or credentials. */
export function storageUnavailable(action: string, cause: unknown): TrainyardError {
  const error = new TrainyardError(
    'infrastructure',
    'artifact_store_unavailable',
    `the artifact store failed to ${action}: ${messageOf(cause)}`,
    503,
  );
  error.cause = cause;
  return error;
}
