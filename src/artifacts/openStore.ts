import { TrainyardError } from '../errors';
import type { ArtifactLocation } from '../config';
import type { ArtifactStore } from './artifactStore';
import { DiskStore } from './disk/diskStore';

/** Opens the store that the configuration names (`config.artifacts`). */
export async function openArtifactStore(location: ArtifactLocation): Promise<ArtifactStore> {
  if (location.kind === 'disk') return DiskStore.open(location.folder);
  const { bucket, endpoint } = location;
  const prefix = checkedPrefix(location.prefix);
  // Loaded only where it is used: the SDK takes a noticeable part of a process start.
  const { openS3Store } = await import('./s3/s3Store.js');
  return openS3Store({ bucket, prefix, endpoint });
}

function checkedPrefix(prefix: string): string {
  if (prefix === '') return '';
  const plain = /^[A-Za-z0-9._-]+$/;
  if (prefix.split('/').every((part) => plain.test(part) && part !== '.' && part !== '..')) {
    return `${prefix}/`;
  }
  throw new TrainyardError(
    'config',
    'invalid_artifact_url',
    `the prefix in ARTIFACT_URL is ${JSON.stringify(prefix)}; allowed are parts of letters, digits, ".", "_" and "-", joined by "/"`,
    500,
  );
}
