import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Root } from '../../config/s3Roots';
import { createS3Client } from '../../artifacts/s3/s3Client';
import { s3ServerMissing, startS3Server, type S3Server } from '../../artifacts/testing/s3Server';
import { fetchS3 } from './s3';

const root = (bucket: string, prefix = ''): S3Root => ({ bucket, prefix, users: [], teams: [] });
const roots = [root('trainyard'), root('no-such-bucket')];
const limits = { maxFiles: 2000, maxBytes: 100_000 };

const withServer = s3ServerMissing === undefined ? describe : describe.skip;

withServer(`fetchS3 ${s3ServerMissing ?? 'from a real server'}`, () => {
  let server: S3Server;
  let client: S3Client;
  let dest: string;

  const clientWith = (secret: string): S3Client =>
    new S3Client({
      endpoint: server.location.endpoint,
      region: server.env['AWS_REGION']!,
      forcePathStyle: true,
      maxAttempts: 2,
      credentials: { accessKeyId: server.env['AWS_ACCESS_KEY_ID']!, secretAccessKey: secret },
    });

  beforeAll(async () => {
    server = await startS3Server();
    client = clientWith(server.env['AWS_SECRET_ACCESS_KEY']!);
    dest = mkdtempSync(join(tmpdir(), 's3-'));
    const put = (Key: string, Body: string): Promise<unknown> =>
      client.send(
        new PutObjectCommand({ Bucket: server.location.bucket, Key, Body: Buffer.from(Body) }),
      );
    await put('set/docs/spam/b.txt', 'bb');
    await put('set/docs/spam/a.txt', 'a');
    await put('set/docs/ham/', '');
    await put('set/docs/ham/c.txt', '');
    await put('set/train.csv', 'text,label\n');
    // The server keeps objects as files; making so many through it would take long.
    const many = join(server.folder, server.location.bucket, 'many');
    mkdirSync(many);
    for (let i = 0; i < 1100; i++) writeFileSync(join(many, String(i)), 'x');
  }, 600_000);
  afterAll(async () => {
    client.destroy();
    await server.stop();
    rmSync(dest, { recursive: true, force: true });
  });

  const fetch = (prefix: string, some = limits): ReturnType<typeof fetchS3> =>
    fetchS3(`s3://${server.location.bucket}/${prefix}`, roots, client, join(dest, prefix), some);

  it('downloads all objects of a prefix in order, with folder, size and hash', async () => {
    const files = await fetch('set/docs/');
    expect(files.map((file) => [file.name, file.bytes])).toEqual([
      ['docs/ham/c.txt', 0],
      ['docs/spam/a.txt', 1],
      ['docs/spam/b.txt', 2],
    ]);
    expect(readFileSync(files[2]!.path, 'utf8')).toBe('bb');
    expect(files[2]!.sha256).toBe(createHash('sha256').update('bb').digest('hex'));
  });

  it('downloads one object', async () => {
    expect((await fetch('set/train.csv')).map((file) => file.name)).toEqual(['set/train.csv']);
  });

  it('sees more objects than one page of a listing holds', async () => {
    const refused = fetch('many/', { ...limits, maxFiles: 1050 });
    await expect(refused).rejects.toMatchObject({ code: 'location_too_large' });
  });

  it('refuses more files or bytes than a location may hold, before it downloads', async () => {
    for (const some of [
      { maxFiles: 2, maxBytes: 1000 },
      { maxFiles: 9, maxBytes: 2 },
    ]) {
      await expect(fetch('set/', some)).rejects.toMatchObject({ code: 'location_too_large' });
    }
  });

  it('reads nothing beside what is allowed when it is read', async () => {
    const some = [root('trainyard', 'set/docs/')];
    const read = (path: string) => fetchS3(path, some, client, join(dest, 'beside'), limits);
    for (const path of ['set/train.csv', 'set/docs', 'set/docs/../train.csv', '']) {
      await expect(read(`s3://${server.location.bucket}/${path}`)).rejects.toMatchObject({
        kind: 'config',
        code: 's3_not_allowed',
      });
    }
    expect(await read(`s3://${server.location.bucket}/set/docs/spam/`)).toHaveLength(2);
  });

  it('are read with a profile of their own, whatever the variables say', async () => {
    const before = { ...process.env };
    // The SDK says that it prefers the profile.
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const config = join(dest, 'aws-config');
    writeFileSync(
      config,
      `[profile reader]\naws_access_key_id = ${server.env['AWS_ACCESS_KEY_ID']}\n` +
        `aws_secret_access_key = ${server.env['AWS_SECRET_ACCESS_KEY']}\n`,
    );
    Object.assign(process.env, {
      AWS_CONFIG_FILE: config,
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_ACCESS_KEY_ID: 'other',
      AWS_SECRET_ACCESS_KEY: 'other',
      AWS_REGION: server.env['AWS_REGION'],
    });
    const url = `s3://${server.location.bucket}/set/train.csv`;
    for (const [profile, outcome] of [
      ['reader', { files: 1 }],
      [undefined, { code: 's3_denied' }],
    ] as const) {
      const own = createS3Client(server.location.endpoint, profile);
      const read = fetchS3(url, roots, own, join(dest, `as-${profile}`), limits).then(
        (files) => ({ files: files.length }),
        (error: unknown) => error,
      );
      expect(await read).toMatchObject(outcome);
      own.destroy();
    }
    process.env = before;
    warn.mockRestore();
  });

  it('says what is missing or not allowed', async () => {
    await expect(fetch('nothing/')).rejects.toMatchObject({ code: 's3_nothing_found' });
    await expect(
      fetchS3('s3://no-such-bucket/x', roots, client, dest, limits),
    ).rejects.toMatchObject({
      kind: 'config',
      code: 's3_no_such_bucket',
      message:
        's3://no-such-bucket/x cannot be read, the bucket does not exist: correct the location',
    });
    const stranger = clientWith('wrong');
    await expect(
      fetchS3(`s3://${server.location.bucket}/set/`, roots, stranger, dest, limits),
    ).rejects.toMatchObject({ kind: 'config', code: 's3_denied' });
    stranger.destroy();
  });
});
