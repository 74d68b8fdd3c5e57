import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Readable } from 'node:stream';
import { Meter, type Digest } from '../digest';

/** Ten thousand parts of this size bound an object to 160 GB; a few of them are in memory at once. */
export const partBytes = 16 * 1024 * 1024;
const partsInFlight = 3;

/**
 * Reads up to a little over one part of a stream. `rest` is what follows, absent when the stream
 * ended within it. A failing stream rejects, and nothing has been sent yet.
 */
export async function splitFirstPart(
  source: Readable,
): Promise<{ first: Buffer; rest?: AsyncIterable<Buffer> }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const rest = source[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>;
  while (bytes <= partBytes) {
    const next = await rest.next();
    if (next.done) return { first: Buffer.concat(chunks) };
    chunks.push(next.value);
    bytes += next.value.length;
  }
  return { first: Buffer.concat(chunks), rest };
}

export type UploadOutcome =
  | { digest: Digest }
  /** What the source threw, untouched. */
  | { sourceFailure: unknown }
  | { uploadFailure: unknown };

/** Sends `first` and then `rest` as one multipart upload, hashed on the way; aborted on failure. */
export async function uploadParts(
  client: S3Client,
  params: PutObjectCommandInput,
  first: Buffer,
  rest: AsyncIterable<Buffer>,
): Promise<UploadOutcome> {
  const meter = new Meter();
  let sourceFailure: { sourceFailure: unknown } | undefined;
  async function* body(): AsyncGenerator<Buffer> {
    try {
      if (first.length > 0) {
        meter.update(first);
        yield first;
      }
      for await (const chunk of rest) {
        meter.update(chunk);
        yield chunk;
      }
    } catch (error) {
      sourceFailure = { sourceFailure: error };
      throw error;
    }
  }
  const upload = new Upload({
    client,
    params: { ...params, Body: Readable.from(body()) },
    partSize: partBytes,
    queueSize: partsInFlight,
    leavePartsOnError: false,
  });
  try {
    await upload.done();
    return { digest: meter.digest() };
  } catch (error) {
    return sourceFailure ?? { uploadFailure: error };
  }
}

/** Aborts multipart uploads below the location that began longer ago; returns how many. */
export async function abortStaleUploads(
  client: S3Client,
  { bucket, prefix }: { bucket: string; prefix: string },
  olderThanMs: number,
): Promise<number> {
  const limit = Date.now() - olderThanMs;
  let aborted = 0;
  let marker: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (marker) {
    const page: {
      Uploads?: { Key?: string; UploadId?: string; Initiated?: Date }[];
      IsTruncated?: boolean;
      NextKeyMarker?: string;
      NextUploadIdMarker?: string;
    } = await client.send(
      new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, ...marker }),
    );
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (!Initiated || Initiated.getTime() > limit) continue;
      await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
      aborted++;
    }
    marker = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
      : undefined;
  }
  return aborted;
}
