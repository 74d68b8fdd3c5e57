import { messageOf, TrainyardError } from '../../errors';

/** What a message says about a file: `config.json of owner/name at main`. */
export interface FileAtHub {
  path: string;
  id: string;
  revision: string;
}

export function shown({ path, id, revision }: FileAtHub): string {
  return `${path} of ${id} at ${revision.slice(0, 12)}`;
}

/** The hub answered, and the answer will not change by asking again. */
export function hubRefused(file: FileAtHub, status: number): TrainyardError {
  const why =
    status === 401 || status === 403
      ? 'it is private, gated or not there; download it yourself and add the folder'
      : 'check TRAINYARD_HUB_URL, the id and the revision';
  return new TrainyardError(
    'config',
    'hub_refused',
    `the hub answered ${status} for ${shown(file)}: ${why}`,
    502,
  );
}

export function notAtHub(file: FileAtHub): TrainyardError {
  return new TrainyardError('config', 'not_at_hub', `the hub has no ${shown(file)}`, 404);
}

export function hubUnavailable(file: FileAtHub, cause: unknown): TrainyardError {
  const error = new TrainyardError(
    'infrastructure',
    'hub_unavailable',
    `${shown(file)} cannot be downloaded: ${rootOf(cause)}; run the command again, it goes on where it stopped`,
    503,
  );
  error.cause = cause;
  return error;
}

/** What came is not what the hub announced. */
export function corruptDownload(file: FileAtHub, found: string, expected: string): TrainyardError {
  return new TrainyardError(
    'infrastructure',
    'corrupt_download',
    `${shown(file)} came with ${found}; expected ${expected}; what came was thrown away`,
    502,
  );
}

export function tooLarge(file: FileAtHub, bytes: number, most: number): TrainyardError {
  return new TrainyardError(
    'limit',
    'download_too_large',
    `${shown(file)} has ${bytes} bytes; allowed are ${most}`,
  );
}

/** fetch says "fetch failed" and keeps the reason as the cause. */
function rootOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : rootOf(cause);
}
