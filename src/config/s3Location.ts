import { isIPv4 } from 'node:net';

/** The objects of a bucket whose keys start with `prefix`, which may be empty. */
export interface S3Location {
  bucket: string;
  prefix: string;
}

/** What `parseS3Location` takes, for messages. */
export const s3LocationForm =
  's3://bucket/prefix, the bucket of 3 to 63 lower-case letters, digits, "-" and ".", the prefix without "." or ".." as a part of it and without control characters';

const longestPrefix = 1024;

/** Takes `s3://bucket/prefix` apart; undefined when no bucket or no object can have such a name. */
export function parseS3Location(url: string): S3Location | undefined {
  const match = /^s3:\/\/([^/]*)(?:\/(.*))?$/s.exec(url);
  if (!match) return undefined;
  const [bucket, prefix] = [match[1]!, match[2] ?? ''];
  return isBucket(bucket) && isPrefix(prefix) ? { bucket, prefix } : undefined;
}

function isBucket(name: string): boolean {
  const shaped = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name);
  return shaped && !/\.\.|\.-|-\./.test(name) && !isIPv4(name);
}

/** Services that keep objects as files would leave a folder by `..`. */
function isPrefix(prefix: string): boolean {
  if (Buffer.byteLength(prefix) > longestPrefix || !prefix.isWellFormed()) return false;
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(prefix)) return false;
  return !prefix.split('/').some((part) => part === '.' || part === '..');
}

/** Whether everything in `inner` lies below `outer`, whose prefix is empty or ends in `/`. */
export function liesBelow(inner: S3Location, outer: S3Location): boolean {
  return inner.bucket === outer.bucket && inner.prefix.startsWith(outer.prefix);
}

export function showS3Location({ bucket, prefix }: S3Location): string {
  return `s3://${bucket}/${prefix}`;
}
