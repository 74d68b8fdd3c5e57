import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, TrainyardError } from '../errors';
import { damagedBundle } from './damagedBundle';

/** What a manifest states of a file. */
export interface StatedFile {
  sha256: string;
  bytes: number;
}

export function describeFile(bytes: Uint8Array): StatedFile {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

/** A file of the bundle in `dir`. Throws `bundle_damaged` when it is not there. */
export function readBundleFile(dir: string, name: string): Buffer {
  try {
    return readFileSync(join(dir, name));
  } catch (error) {
    if (messageOf(error).includes('ENOENT')) throw damagedBundle(`${name} is missing`);
    throw new TrainyardError(
      'infrastructure',
      'bundle_unreadable',
      `${name} of the model cannot be read`,
    );
  }
}

/** A file held against what the manifest states. Throws `bundle_damaged` when it is another. */
export function readCheckedFile(dir: string, name: string, stated: StatedFile): Buffer {
  const bytes = readBundleFile(dir, name);
  const found = describeFile(bytes);
  if (found.bytes !== stated.bytes || found.sha256 !== stated.sha256) {
    throw damagedBundle(`${name} is not the file that its manifest describes`);
  }
  return bytes;
}
