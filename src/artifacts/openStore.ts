import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TrainyardError } from '../errors';
import type { ArtifactStore } from './artifactStore';
import { DiskStore } from './diskStore';
import type * as S3 from './s3Store';

export interface StoreLocation {
  /** The data folder of this machine; the default store is `artifacts` in it. */
  homeDir: string;
}

/**
 * Opens the store that `ARTIFACT_URL` names: `s3://bucket` or `s3://bucket/prefix` (endpoint, region
 * and credentials from the usual AWS variables), `file:///folder`, or, when undefined or empty, the
 * folder `artifacts` of the data folder. Throws `invalid_artifact_url`.
 */
export async function openArtifactStore(
  url: string | undefined,
  { homeDir }: StoreLocation,
): Promise<ArtifactStore> {
  if (!url) return DiskStore.open(join(homeDir, 'artifacts'));
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'file:') return DiskStore.open(fileURLToPath(url));
  if (protocol === 's3:') {
    // Loaded only where it is used: the SDK takes a noticeable part of a process start.
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would want the built file's name
    const { openS3Store } = require('./s3Store') as typeof S3;
    return openS3Store(parseS3Url(url));
  }
  throw invalidUrl(url);
}

function parseS3Url(url: string): { bucket: string; prefix: string } {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([A-Za-z0-9._/-]*))?$/.exec(url);
  if (!match) throw invalidUrl(url);
  const parts = (match[2] ?? '').split('/').filter((part) => part !== '');
  if (parts.some((part) => part === '.' || part === '..')) throw invalidUrl(url);
  return { bucket: match[1]!, prefix: parts.map((part) => `${part}/`).join('') };
}

function invalidUrl(url: string): TrainyardError {
  // Whoever put a password into it should not meet it in a log.
  const shown = url.replace(/\/\/[^/@]*@/, '//…@');
  return new TrainyardError(
    'config',
    'invalid_artifact_url',
    `ARTIFACT_URL is ${JSON.stringify(shown)}; allowed are s3://bucket, s3://bucket/prefix and file:///folder, or nothing for a folder of this machine`,
    500,
  );
}
