import { TrainyardError } from '../../errors';

/** An encoder at the hub. */
export interface HubName {
  /** `owner/name`, or `name` alone for the oldest ones. */
  id: string;
  /** A branch, tag or commit. */
  revision: string;
}

const part = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?$/;

const isPlain = (text: string): boolean => part.test(text) && !text.includes('..');

/**
 * Checks names before they become parts of a URL.
 * @throws TrainyardError `invalid_hub_id`, `invalid_revision`
 */
export function checkHubName({ id, revision }: HubName): void {
  const parts = id.split('/');
  if (parts.length > 2 || !parts.every(isPlain)) {
    throw new TrainyardError(
      'config',
      'invalid_hub_id',
      `${shown(id)} is neither a folder nor a hub id: a hub id is owner/name, each of letters, digits, ".", "_" and "-"`,
    );
  }
  if (revision.length > 200 || !revision.split('/').every(isPlain)) {
    throw new TrainyardError(
      'config',
      'invalid_revision',
      `the revision ${shown(revision)} cannot be: it is a branch, a tag or a commit`,
    );
  }
}

/** Where a file of an encoder is, at the hub or a mirror of it. */
export function fileUrl(hub: string, { id, revision }: HubName, path: string): string {
  return `${hub}/${id}/resolve/${encodeURIComponent(revision)}/${path}`;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
