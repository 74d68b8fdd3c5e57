import { TrainyardError } from '../errors';
import type { ArtifactLocation } from '../config';
import type { ArtifactStore } from './artifactStore';
import { DiskStore } from './diskStore';
import type * as S3 from './s3Store';

/** Opens the store that the configuration names (`config.artifacts`). */
export async function openArtifactStore(location: ArtifactLocation): Promise<ArtifactStore> {
  if (location.kind === 'disk') return DiskStore.open(location.folder);
  const { bucket, endpoint } = location;
  const prefix = checkedPrefix(location.prefix);
  // Loaded only where it is used: the SDK takes a noticeable part of a process start.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would want the built file's name
  const { openS3Store } = require('./s3Store') as typeof S3;
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
