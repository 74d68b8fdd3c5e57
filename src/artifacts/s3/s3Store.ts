import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { TrainyardError } from '../../errors';
import type { ArtifactRef, ArtifactStore, StoredObject } from '../artifactStore';
import { describeDigest, digestOf, digestOfStream, sameDigest, type Digest } from '../digest';
import { placeVerified, saveStream } from '../download';
import { openPlain } from '../disk/durableFiles';
import { artifactCorrupt } from '../failures';
import { checkKey, checkPrefix } from '../keys';
import { createS3Client, explainS3Failure } from './s3Client';
import { abortStaleUploads, partBytes, splitFirstPart, uploadParts } from './s3Multipart';

/** Downloads may break off half-way; the SDK tries only their start again. */
const downloadAttempts = 3;

export interface S3Location {
  bucket: string;
  /** Put before every key; empty or ending in `/`. */
  prefix: string;
  /** A compatible service in place of AWS. */
  endpoint?: string | undefined;
}

/** Opens a store in a bucket that exists already. */
export function openS3Store(location: S3Location): ArtifactStore {
  return new S3Store(createS3Client(location.endpoint), location);
}

/**
 * Objects in a bucket. The service makes each put all or nothing; what is up to one part is sent in
 * one request, the rest as a multipart upload that a failure aborts. The hash goes along as metadata
 * wherever it is known before the first byte is sent.
 */
class S3Store implements ArtifactStore {
  constructor(
    private readonly client: S3Client,
    private readonly location: S3Location,
  ) {}

  async put(key: string, source: Readable | Buffer, mediaType: string): Promise<ArtifactRef> {
    checkKey(key);
    if (Buffer.isBuffer(source)) return this.putBuffer(key, source, mediaType);
    try {
      const { first, rest } = await splitFirstPart(source);
      if (!rest) return await this.putBuffer(key, first, mediaType);
      return await this.putStream(key, first, rest, mediaType);
    } finally {
      source.destroy();
    }
  }

  async putFile(key: string, path: string, mediaType: string): Promise<ArtifactRef> {
    checkKey(key);
    const file = await openPlain(path);
    if (!file) {
      throw new TrainyardError('bug', 'not_a_plain_file', 'only plain files can be stored', 500);
    }
    try {
      if ((await file.stat()).size <= partBytes) {
        return await this.putBuffer(key, await file.readFile(), mediaType);
      }
      const open = (): Readable => file.createReadStream({ start: 0, autoClose: false });
      const digest = await digestOfStream(open());
      const ref = await this.putStream(key, Buffer.alloc(0), open(), mediaType, digest);
      if (sameDigest(ref, digest)) return ref;
      throw artifactCorrupt(key, describeDigest(ref), describeDigest(digest));
    } finally {
      await file.close();
    }
  }

  async read(key: string, range?: { start: number; end: number }): Promise<Readable> {
    const Range = range && `bytes=${String(range.start)}-${String(range.end)}`;
    const { Body } = await this.attempt('read', key, () =>
      this.client.send(new GetObjectCommand({ ...this.address(key), Range })),
    );
    if (Body instanceof Readable) return Body;
    throw new Error('an S3 response without a body');
  }

  async readBuffer(key: string): Promise<Buffer> {
    return this.repeatedly('read', key, async () => buffer(await this.read(key)));
  }

  async fetchTo(ref: ArtifactRef, path: string): Promise<void> {
    await this.repeatedly('read', ref.key, () =>
      placeVerified(ref, path, async (temporary) =>
        saveStream(await this.read(ref.key), temporary),
      ),
    );
  }

  async size(key: string): Promise<number | undefined> {
    try {
      const head = new HeadObjectCommand(this.address(key));
      return (await this.attempt('look up', key, () => this.client.send(head))).ContentLength;
    } catch (error) {
      if (error instanceof TrainyardError && error.code === 'artifact_missing') return undefined;
      throw error;
    }
  }

  async *list(prefix: string): AsyncIterable<string> {
    for await (const { key } of this.listDated(prefix)) yield key;
  }

  async *listDated(prefix: string): AsyncIterable<StoredObject> {
    for await (const page of this.pages(prefix)) {
      for (const { key, modifiedAt } of page) {
        yield { key: key.slice(this.location.prefix.length), modifiedAt };
      }
    }
  }

  async delete(key: string): Promise<void> {
    const command = new DeleteObjectCommand(this.address(key));
    await this.attempt('delete', key, () => this.client.send(command));
  }

  async deletePrefix(prefix: string): Promise<number> {
    let count = 0;
    for await (const page of this.pages(prefix)) {
      const command = new DeleteObjectsCommand({
        Bucket: this.location.bucket,
        Delete: { Objects: page.map(({ key }) => ({ Key: key })), Quiet: true },
      });
      const { Errors } = await this.attempt('delete', prefix, () => this.client.send(command));
      // Gone is what was asked for: another one deletes the same prefix.
      const failed = Errors?.find(({ Code }) => Code !== 'NoSuchKey');
      if (failed) throw explainS3Failure('delete', prefix, new Error(failed.Code ?? 'unknown'));
      count += page.length;
    }
    return count;
  }

  async sweep(olderThanMs: number): Promise<number> {
    return this.attempt('sweep', '', () =>
      abortStaleUploads(this.client, this.location, olderThanMs),
    );
  }

  close(): void {
    this.client.destroy();
  }

  private async putBuffer(key: string, content: Buffer, mediaType: string): Promise<ArtifactRef> {
    const { sha256, bytes } = digestOf(content);
    const command = new PutObjectCommand({
      ...this.address(key),
      Body: content,
      ContentType: mediaType,
      Metadata: { sha256 },
    });
    await this.attempt('store', key, () => this.client.send(command));
    return { key, sha256, bytes, mediaType };
  }

  private async putStream(
    key: string,
    first: Buffer,
    rest: AsyncIterable<Buffer>,
    mediaType: string,
    known?: Digest,
  ): Promise<ArtifactRef> {
    const params = {
      ...this.address(key),
      ContentType: mediaType,
      ...(known ? { Metadata: { sha256: known.sha256 } } : {}),
    };
    const outcome = await uploadParts(this.client, params, first, rest);
    if ('sourceFailure' in outcome) throw outcome.sourceFailure;
    if ('uploadFailure' in outcome) throw explainS3Failure('store', key, outcome.uploadFailure);
    return { key, mediaType, ...outcome.digest };
  }

  /** The objects under a prefix by the bucket's keys, up to a thousand at a time. */
  private async *pages(prefix: string): AsyncIterable<StoredObject[]> {
    checkPrefix(prefix);
    const query = { Bucket: this.location.bucket, Prefix: this.location.prefix + prefix };
    try {
      for await (const page of paginateListObjectsV2({ client: this.client }, query)) {
        const objects = (page.Contents ?? []).flatMap(({ Key: key, LastModified: modifiedAt }) =>
          key && modifiedAt ? [{ key, modifiedAt }] : [],
        );
        if (objects.length > 0) yield objects;
      }
    } catch (error) {
      throw explainS3Failure('list', prefix, error);
    }
  }

  private address(key: string): { Bucket: string; Key: string } {
    checkKey(key);
    return { Bucket: this.location.bucket, Key: this.location.prefix + key };
  }

  private async attempt<Result>(
    action: string,
    key: string,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw explainS3Failure(action, key, error);
    }
  }

  /** Repeats a download that broke off or came damaged. */
  private async repeatedly<Result>(
    action: string,
    key: string,
    work: () => Promise<Result>,
  ): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        const known = error instanceof TrainyardError;
        // The SDK has tried these often enough; damage may have come about on the way.
        if (known && error.code !== 'artifact_corrupt') throw error;
        if (attempt === downloadAttempts) {
          throw explainS3Failure(action, key, error);
        }
      }
    }
  }
}
