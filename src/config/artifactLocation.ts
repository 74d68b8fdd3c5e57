import { fileURLToPath } from 'node:url';

/** Where objects live. S3 credentials and region come from the AWS SDK's own variables and files. */
export type ArtifactLocation =
  | { kind: 'disk'; folder: string }
  | {
      kind: 's3';
      bucket: string;
      /** Without slashes at its ends; may be empty. */
      prefix: string;
      /** Present: an S3-compatible server, addressed by path. */
      endpoint?: string;
    };

/** Reads `s3://bucket/prefix` or `file:///folder`; the given folder when unset. */
export function artifactLocation(
  url: string | undefined,
  folder: string,
  endpoint?: string,
): ArtifactLocation {
  if (url === undefined) return { kind: 'disk', folder };
  const parsed = new URL(url);
  if (parsed.protocol === 'file:') return { kind: 'disk', folder: fileURLToPath(parsed) };
  const prefix = decodeURIComponent(parsed.pathname).replace(/^\/+|\/+$/g, '');
  return {
    kind: 's3',
    bucket: parsed.hostname,
    prefix,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}
