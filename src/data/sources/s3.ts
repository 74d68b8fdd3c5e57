import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { mapConcurrently } from '../../artifacts/concurrency';
import { explainDiskFailure } from '../../artifacts/disk/diskFailures';
import { explainS3Error, type S3Fault } from '../../artifacts/s3/s3Failures';
import { parseS3Location, type S3Location } from '../../config/s3Location';
import type { S3Root } from '../../config/s3Roots';
import { TrainyardError } from '../../errors';
import { locationTooLarge, type FoundFile, type SourceLimits } from './foundFile';
import { s3PathProblem } from './s3Access';

const concurrentDownloads = 8;

/**
 * Downloads every object whose key starts with the prefix of `s3://bucket/prefix` into `destDir`,
 * in the order of the keys. Folder markers (keys that end in `/`) are passed over. The client brings
 * the server's credentials; set its `maxAttempts` for retries.
 * @param roots what may be read (`s3RootsOf`)
 */
export async function fetchS3(
  url: string,
  roots: readonly S3Root[],
  client: S3Client,
  destDir: string,
  limits: SourceLimits,
  signal?: AbortSignal,
): Promise<FoundFile[]> {
  const { bucket, prefix } = allowedLocation(url, roots);
  const objects = await list(url, client, bucket, prefix, limits, signal);
  await mkdir(destDir, { recursive: true });
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  // Names start with the folder that was asked for, so that it can name a class.
  const skip = folder.slice(0, -1).lastIndexOf('/') + 1;
  return mapConcurrently(objects, concurrentDownloads, async ({ key, bytes }, index) => {
    const path = join(destDir, String(index));
    const name = key.slice(skip);
    const sha256 = await download(client, { bucket, key, bytes, name }, path, signal);
    return { name, path, bytes, sha256 };
  });
}

/** What was allowed when it was asked for may not be any more. */
function allowedLocation(url: string, roots: readonly S3Root[]): S3Location {
  const problem = s3PathProblem(url, roots);
  if (problem !== undefined) throw new TrainyardError('config', 's3_not_allowed', problem);
  return parseS3Location(url)!;
}

interface Found {
  key: string;
  bytes: number;
}

async function list(
  url: string,
  client: S3Client,
  bucket: string,
  prefix: string,
  limits: SourceLimits,
  signal?: AbortSignal,
): Promise<Found[]> {
  const found: Found[] = [];
  let total = 0;
  for (let token: string | undefined; ;) {
    const command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      ContinuationToken: token,
    });
    const page = await client.send(command, { abortSignal: signal }).catch((error: unknown) => {
      throw explain(url, error);
    });
    for (const { Key: key = '', Size: bytes = 0 } of page.Contents ?? []) {
      if (key.endsWith('/')) continue;
      found.push({ key, bytes });
      total += bytes;
      if (found.length > limits.maxFiles || total > limits.maxBytes) {
        throw locationTooLarge(url, limits);
      }
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
    if (token === undefined) break;
  }
  if (found.length > 0) return found;
  throw new TrainyardError('data', 's3_nothing_found', `no object in S3 starts with ${url}`);
}

async function download(
  client: S3Client,
  object: Found & { bucket: string; name: string },
  path: string,
  signal?: AbortSignal,
): Promise<string> {
  const shown = `s3://${object.bucket}/${object.key}`;
  const hash = createHash('sha256');
  let seen = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _, done) {
      seen += chunk.length;
      hash.update(chunk);
      // An object that grew since it was listed must not fill the disk.
      done(seen > object.bytes ? changed(shown) : null, chunk);
    },
  });
  try {
    const command = new GetObjectCommand({ Bucket: object.bucket, Key: object.key });
    const { Body } = await client.send(command, { abortSignal: signal });
    await pipeline(Body as Readable, meter, createWriteStream(path), { signal });
  } catch (error) {
    throw explain(shown, error);
  }
  if (seen !== object.bytes) throw changed(shown);
  return hash.digest('hex');
}

function changed(shown: string): TrainyardError {
  const message = `${shown} changed, or was cut off, while it was downloaded`;
  return new TrainyardError('infrastructure', 's3_object_changed', message);
}

/** Says for who can act on it why something in S3 could not be read. */
function explain(shown: string, error: unknown): Error {
  if (error instanceof Error && error.name === 'AbortError') return error;
  // What is read is written to this machine's disk.
  const known = explainDiskFailure(error);
  if (known instanceof TrainyardError) return known;
  const fault = explainS3Error(error);
  switch (fault.kind) {
    case 'missing':
      return new TrainyardError('data', 's3_nothing_found', `${shown} does not exist in S3`);
    case 'config':
      return notReadable(shown, fault);
    case 'outage':
      return new TrainyardError(
        'infrastructure',
        'source_unavailable',
        `reading ${shown} failed: ${fault.why}`,
        503,
      );
  }
}

/** Trying again changes nothing: the caller gives another location, or the operator access. */
function notReadable(shown: string, fault: S3Fault & { kind: 'config' }): TrainyardError {
  const next = {
    bucket: 'correct the location',
    denied: 'ask the operator to let the server read it',
    settings: 'the operator of this server must correct its S3 settings',
  };
  return new TrainyardError(
    'config',
    { bucket: 's3_no_such_bucket', denied: 's3_denied', settings: 's3_misconfigured' }[fault.what],
    `${shown} cannot be read, ${fault.why}: ${next[fault.what]}`,
  );
}
