import { TrainyardError } from '../errors';

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

/** Whether something thrown carries one of these system or service error names. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, name } = error as Partial<NodeJS.ErrnoException>;
  return [code, name].some((word) => word !== undefined && codes.includes(word));
}

/**
 * The store, or the way to it, is away and may come back by itself: nothing is wrong with the work
 * that met it.
 * @param why without addresses or credentials
 */
export function storageUnavailable(why: string, cause: unknown): TrainyardError {
  return because(cause, 'infrastructure', 'storage_unavailable', why, 503);
}

/** The operator must change a setting or a permission; trying again changes nothing. */
export function storageMisconfigured(why: string, cause: unknown): TrainyardError {
  return because(cause, 'config', 'storage_misconfigured', why, 500);
}

function because(
  cause: unknown,
  ...[kind, code, message, status]: ConstructorParameters<typeof TrainyardError>
): TrainyardError {
  const error = new TrainyardError(kind, code, message, status);
  error.cause = cause;
  return error;
}
