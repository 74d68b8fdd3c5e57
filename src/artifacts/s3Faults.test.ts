import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ArtifactStore } from './artifactStore';
import { digestOf } from './digest';
import { openS3Store } from './s3/s3Store';
import { scratchFolder } from './testing/scratchFolder';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

// A limit against hanging, not a measure of speed: other tests may keep every core busy.
jest.setTimeout(60_000);

/** What no real server does on demand: a service that answers as each test says. */
describe('an S3 store whose service misbehaves', () => {
  const content = Buffer.alloc(50_000, 'content');
  const ref = { key: 'runs/1/one', mediaType: 'text/plain', ...digestOf(content) };
  let server: Server;
  let requests: string[];
  let answer: Answer;
  let scratch: Awaited<ReturnType<typeof scratchFolder>>;
  const before = { ...process.env };

  beforeEach(async () => {
    scratch = await scratchFolder();
    requests = [];
    server = createServer((request, response) => {
      requests.push(`${request.method!} ${request.url!}`);
      request.resume().on('end', () => answer(request, response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'someone',
      AWS_SECRET_ACCESS_KEY: 'hush-hush',
    });
  });
  afterEach(async () => {
    process.env = { ...before };
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await scratch.remove();
  });

  function open(prefix = ''): ArtifactStore {
    const { port } = server.address() as AddressInfo;
    const endpoint = `http://127.0.0.1:${String(port)}`;
    return openS3Store({ bucket: 'bucket', prefix, endpoint });
  }

  it('is asked again after errors of its own, and then has stored the object', async () => {
    answer = (_, response) => {
      response.statusCode = [500, 503][requests.length - 1] ?? 200;
      response.end();
    };
    const store = open();
    expect(await store.put(ref.key, content, ref.mediaType)).toEqual(ref);
    expect(requests).toHaveLength(3);
    store.close();
  });

  it('is given up after a while with an error that says so and tells no secret', async () => {
    answer = (_, response) => {
      response.statusCode = 503;
      response.end();
    };
    const store = open();
    await expect(store.put(ref.key, content, ref.mediaType)).rejects.toMatchObject({
      kind: 'infrastructure',
      code: 'storage_unavailable',
      message: expect.not.stringMatching(/hush|127\.0\.0\.1/),
    });
    expect(requests).toHaveLength(5);
    store.close();
  });

  it('is read again when it breaks off in the middle of a body', async () => {
    answer = (_, response) => {
      response.setHeader('content-length', content.length);
      if (requests.length > 2) response.end(content);
      else response.write(content.subarray(0, 20_000), () => response.destroy());
    };
    const store = open('p/');
    await store.fetchTo(ref, join(scratch.path, 'file'));
    expect((await readFile(join(scratch.path, 'file'))).equals(content)).toBe(true);
    requests = [];
    expect((await store.readBuffer(ref.key)).equals(content)).toBe(true);
    expect(requests).toEqual(Array(3).fill('GET /bucket/p/runs/1/one?x-id=GetObject'));
    expect(await readdir(scratch.path)).toEqual(['file']);
    store.close();
  });

  it('leaves no file behind when it always breaks off', async () => {
    answer = (_, response) => {
      response.setHeader('content-length', content.length);
      response.write(content.subarray(0, 20_000), () => response.destroy());
    };
    const store = open();
    await expect(store.fetchTo(ref, join(scratch.path, 'file'))).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
    expect(await readdir(scratch.path)).toEqual([]);
    store.close();
  });

  it('is told to forget a multipart upload when a part of it fails', async () => {
    answer = (request, response) => {
      const url = request.url!;
      if (url.includes('uploads')) {
        response.end(
          '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>',
        );
      } else {
        response.statusCode = request.method === 'DELETE' ? 204 : 403;
        response.end();
      }
    };
    const store = open();
    const source = Readable.from([Buffer.alloc(17_000_000), Buffer.alloc(17_000_000)]);
    await expect(store.put(ref.key, source, ref.mediaType)).rejects.toMatchObject({
      code: 'storage_misconfigured',
    });
    expect(requests.at(-1)).toMatch(/^DELETE .*uploadId=u1/);
    expect(source.destroyed).toBe(true);
    store.close();
  });

  const error = (code: string): string => `<Error><Code>${code}</Code></Error>`;

  it.each([
    ['a bucket that is not there', 404, error('NoSuchBucket'), 'the bucket does not exist'],
    ['keys that may not', 403, error('AccessDenied'), 'refuses .* \\(403 AccessDenied\\)'],
    ['keys that it does not know', 403, error('InvalidAccessKeyId'), '403 InvalidAccessKeyId'],
    ['keys that versitygw does not know', 404, error('XAdminUserNotFound'), 'XAdminUserNotFound'],
    ['a proxy that lets nobody in', 403, '<html>no', 'refuses .* \\(403\\)'],
    ['a session that has ended', 400, error('ExpiredToken'), '400 ExpiredToken'],
    ['another region', 301, error('PermanentRedirect'), 'in another region'],
    ['another region, signed', 400, error('AuthorizationHeaderMalformed'), 'in another region'],
  ])('is misconfigured with %s', async (_, status, body, reason) => {
    answer = (_request, response) => {
      response.statusCode = status;
      response.end(body);
    };
    const store = open();
    const failure = await store.readBuffer(ref.key).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({
      kind: 'config',
      code: 'storage_misconfigured',
      message: expect.stringMatching(reason),
    });
    expect(requests).toHaveLength(1);
    store.close();
  });

  it.each([
    ['errors of its own', 500, error('InternalError')],
    ['too many callers', 503, error('SlowDown')],
    ['pages of a proxy in its place', 502, '<html>Bad gateway'],
    ['no space', 507, error('XMinioStorageFull')],
    ['a quota', 403, error('QuotaExceeded')],
    ['a clock that is wrong for a while', 403, error('RequestTimeTooSkewed')],
  ])('is away with %s', async (_, status, body) => {
    answer = (_request, response) => {
      response.statusCode = status;
      response.end(body);
    };
    const store = open();
    const failure = await store.readBuffer(ref.key).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ kind: 'infrastructure', code: 'storage_unavailable' });
    store.close();
  });

  it('is away when nothing listens, and the error names no address', async () => {
    const store = open();
    await new Promise((resolve) => server.close(resolve));
    await expect(store.size(ref.key)).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: 'the artifact store failed to look up: no connection to the service (ECONNREFUSED)',
    });
    store.close();
  });

  it.each([
    ['region', { AWS_REGION: undefined, AWS_ENDPOINT_URL: undefined }, /no region .* AWS_REGION/],
    ['credentials', { AWS_ACCESS_KEY_ID: undefined }, /no credentials .* AWS_ACCESS_KEY_ID/],
  ])('is misconfigured without %s', async (_, variables, message) => {
    const changed = Object.entries({ ...process.env, ...nothingElse, ...variables });
    process.env = Object.fromEntries(changed.filter(([, value]) => value !== undefined));
    const endpoint = 'AWS_REGION' in variables ? undefined : 'http://127.0.0.1:9';
    const store = openS3Store({ bucket: 'bucket', prefix: '', endpoint });
    await expect(store.size(ref.key)).rejects.toMatchObject({
      kind: 'config',
      code: 'storage_misconfigured',
      message: expect.stringMatching(message),
    });
    store.close();
  });
});

/** No other place that credentials or a region may come from. */
const nothingElse = {
  AWS_PROFILE: undefined,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: undefined,
  AWS_CONTAINER_CREDENTIALS_FULL_URI: undefined,
  AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
};
