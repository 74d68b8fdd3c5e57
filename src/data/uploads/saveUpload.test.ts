import { createHash, randomUUID } from 'node:crypto';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifactStore';
import { openArtifactStore } from '../../artifacts/openStore';
import { scratchFolder } from '../../artifacts/testing/scratchFolder';
import type { Database } from '../../database/database';
import {
  testDatabase,
  testDatabasePatienceMs,
  type TestDatabase,
} from '../../database/testing/testDatabase';
import { uploadById } from '../../database/uploads/uploads';
import { insertUser, uploadIdsOf } from '../../database/accounts/users';
import { TrainyardError } from '../../errors';
import { fetchUpload, openUpload, readUpload, saveUpload, sourceFiles, type SavedUpload } from '.';

const boundary = 'a-boundary';
const contentType = `multipart/form-data; boundary=${boundary}`;

function part(filename: string, content: string | Buffer, field = 'files'): Buffer {
  return Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${filename}"\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
}
const end = Buffer.from(`--${boundary}--\r\n`);
const bodyOf = (files: [string, string | Buffer][]): Buffer =>
  Buffer.concat([...files.map(([name, content]) => part(name, content)), end]);

// A limit against hanging, not a measure of speed: other tests may keep every core busy.
jest.setTimeout(60_000);

describe('saveUpload', () => {
  let db: TestDatabase;
  let database: Database;
  let scratch: Awaited<ReturnType<typeof scratchFolder>>;
  let store: ArtifactStore;
  let server: Server;
  let settled: Promise<SavedUpload>;
  let rowsBefore: number;
  const ana = randomUUID();
  let options: {
    userId: string;
    subDir?: string;
    maxBytes: number;
    maxFiles: number;
    maxStoredBytes: number;
    signal?: AbortSignal;
  };

  beforeAll(async () => {
    db = await testDatabase();
    ({ database } = db);
    await insertUser(database, {
      id: ana,
      username: 'ana',
      email: 'ana@example.org',
      is_admin: false,
      password_hash: '',
    });
  }, testDatabasePatienceMs);
  afterAll(() => db.drop());

  beforeEach(async () => {
    scratch = await scratchFolder();
    store = await openArtifactStore({ kind: 'disk', folder: join(scratch.path, 'store') });
    options = {
      userId: ana,
      maxBytes: 100_000_000,
      maxFiles: 20_000,
      maxStoredBytes: 10_000_000_000,
    };
    rowsBefore = (await database.query<unknown[]>('SELECT id FROM upload')).length;
    server = createServer((request, response) => {
      settled = saveUpload(request, request.headers, { store, database, ...options });
      settled.then(
        (saved) => response.end(JSON.stringify(saved)),
        (error: unknown) => {
          response.statusCode = error instanceof TrainyardError ? error.status : 500;
          response.end(error instanceof Error ? error.message : '');
        },
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await scratch.remove();
  });

  const url = (): string => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  async function send(body: Buffer, type = contentType): Promise<{ status: number; text: string }> {
    const reply = await fetch(url(), {
      method: 'POST',
      headers: { 'content-type': type },
      body: new Uint8Array(body),
    });
    return { status: reply.status, text: await reply.text() };
  }
  async function upload(files: [string, string | Buffer][]): Promise<SavedUpload> {
    const { status, text } = await send(bodyOf(files));
    expect({ status, text }).toMatchObject({ status: 200 });
    return JSON.parse(text) as SavedUpload;
  }
  async function contentsOf({ uploadId }: SavedUpload): Promise<Record<string, string>> {
    const inputs = join(scratch.path, randomUUID());
    const row = (await uploadById(database, uploadId))!;
    const opened = await readUpload(store, row);
    await fetchUpload(store, opened, join(inputs, 'u'));
    const sources = sourceFiles(opened, 'u', 'train');
    const contents: Record<string, string> = {};
    const packs = new Map<string, Buffer>();
    for (const { name, path, offset, bytes, sha256 } of sources) {
      if (!packs.has(path)) packs.set(path, await readFile(join(inputs, path)));
      const content = packs.get(path)!.subarray(offset, offset + bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
      contents[name] = content.toString();
    }
    return contents;
  }
  async function expectNothingLeft(): Promise<void> {
    expect(await readdir(join(scratch.path, 'store/tmp'))).toEqual([]);
    for await (const key of store.list('uploads/')) throw new Error(`${key} was left`);
    expect(await database.query('SELECT id FROM upload')).toHaveLength(rowsBefore);
  }

  it('keeps files under their names, with folders, in the order of the names', async () => {
    const saved = await upload([
      ['b.txt', 'second'],
      ['mails/spam/a.txt', 'first'],
      ['știre 数.txt', ''],
    ]);
    expect(saved).toMatchObject({ bytes: 11 });
    expect(saved.files).toEqual([
      { name: 'b.txt', bytes: 6 },
      { name: 'mails/spam/a.txt', bytes: 5 },
      { name: 'știre 数.txt', bytes: 0 },
    ]);
    const contents = await contentsOf(saved);
    expect(Object.entries(contents)).toEqual([
      ['b.txt', 'second'],
      ['mails/spam/a.txt', 'first'],
      ['știre 数.txt', ''],
    ]);
  });

  it('puts everything below sub_dir, and takes an empty one for none', async () => {
    options.subDir = 'spam';
    expect(Object.keys(await contentsOf(await upload([['x/a.txt', '1']])))).toEqual([
      'spam/x/a.txt',
    ]);
    options.subDir = '';
    expect(Object.keys(await contentsOf(await upload([['a.txt', '1']])))).toEqual(['a.txt']);
    for (const bad of ['a/b', '..', 'a b', 'a-b', 'ș']) {
      options.subDir = bad;
      expect(await send(bodyOf([]))).toMatchObject({ status: 422 });
    }
  });

  it('refuses two files with one name, and keeps nothing', async () => {
    for (const again of ['a.txt', './a.txt']) {
      const reply = await send(
        bodyOf([
          ['a.txt', 'january'],
          ['large.txt', Buffer.alloc(3_000_000, 'x')],
          [again, 'february'],
        ]),
      );
      expect(reply).toMatchObject({
        status: 422,
        text: expect.stringContaining('two files of this upload are named "a.txt"'),
      });
    }
    await expectNothingLeft();
  });

  it('warns of names that look alike, and keeps both', async () => {
    const { files, warnings } = await upload([
      ['Spam/a.txt', '1'],
      ['spam/b.txt', '2'],
      ['spam/B.txt', '3'],
      ['caf\u00e9/a.txt', '4'],
      ['cafe\u0301/a.txt', '5'],
      ['cafe\u0301/b.txt', '6'],
      ['spam', '7'],
    ]);
    expect(files).toHaveLength(7);
    expect(warnings).toEqual([
      'the folders "Spam" and "spam" differ only in upper and lower case: both were kept',
      'the files "spam/b.txt" and "spam/B.txt" differ only in upper and lower case: both were kept',
      'the folders "caf\\u{e9}" and "cafe\\u{301}" differ only in how their accented letters are written (Unicode normalization): both were kept',
    ]);
  });

  it('keeps no more for a user than allowed, however many uploads end at once', async () => {
    options.userId = randomUUID();
    const email = `${options.userId}@example.org`;
    const user = { id: options.userId, username: 'bo', email, is_admin: false, password_hash: '' };
    await insertUser(database, user);
    options.maxStoredBytes = 2_500;
    const sent = Array.from({ length: 6 }, (_, i) => send(bodyOf([[String(i), 'x'.repeat(1000)]])));
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 200, 507, 507, 507, 507]);
    const own = bodyOf([['large', 'x'.repeat(600)]]);
    expect(await send(own)).toMatchObject({
      status: 507,
      text: expect.stringContaining('2.4 KiB'),
    });
    const kept = await uploadIdsOf(database, options.userId);
    for await (const key of store.list('uploads/')) expect(kept).toContain(key.split('/')[1]);
  });

  it('takes an upload without files, and passes over parts of other names', async () => {
    expect(await upload([])).toMatchObject({ files: [], bytes: 0 });
    const body = Buffer.concat([
      part('ignored.txt', 'x'.repeat(100_000), 'attachment'),
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n`),
      part('kept.txt', 'y'),
      end,
    ]);
    const { status, text } = await send(body);
    expect(status).toBe(200);
    expect(await contentsOf(JSON.parse(text) as SavedUpload)).toEqual({ 'kept.txt': 'y' });
  });

  it('packs ten thousand small files into a few objects', async () => {
    const files = Array.from({ length: 10_000 }, (_, i): [string, string] => [
      `class${String(i % 7)}/mail${String(i)}.txt`,
      `mail ${String(i)} `.repeat(300),
    ]);
    const saved = await upload(files);
    expect(saved.files).toHaveLength(10_000);
    let objects = 0;
    for await (const key of store.list(`uploads/${saved.uploadId}/`)) objects += key ? 1 : 0;
    expect(objects).toBe(2);
    expect(await contentsOf(saved)).toEqual(Object.fromEntries(files));
  });

  it('keeps large and small files side by side', async () => {
    const files = Array.from({ length: 12 }, (_, i): [string, Buffer] => [
      `f${String(i)}`,
      Buffer.alloc(i % 2 ? 2_500_000 : 700_000, `file ${String(i)} `),
    ]);
    const saved = await upload(files);
    const contents = await contentsOf(saved);
    for (const [name, content] of files) expect(contents[name] === content.toString()).toBe(true);
  });

  it('lists the same names and contents in the same order, however they came', async () => {
    const files: [string, string][] = [
      ['a', '1'],
      ['b', '2'],
    ];
    const lists = [];
    for (const order of [files, [...files].reverse()]) {
      const { uploadId } = await upload(order);
      const saved = await openUpload(store, (await uploadById(database, uploadId))!);
      lists.push(saved.map(({ path, sha256 }) => [path, sha256]));
    }
    expect(lists[0]).toHaveLength(2);
    expect(lists[0]).toEqual(lists[1]);
  });

  it.each([
    '../a.txt',
    'x/../../a.txt',
    '/etc/passwd',
    'C:/windows/a.txt',
    'C:a.txt',
    '..\\\\a.txt',
    'x\\\\a.txt',
    'folder/',
    'x/.',
    '..',
    `${'x'.repeat(300)}.txt`,
    `${'x/'.repeat(600)}a`,
  ])('refuses the file name %j, naming it, and keeps nothing', async (name) => {
    const { status, text } = await send(
      bodyOf([
        ['fine.txt', 'fine'],
        [name, 'x'],
      ]),
    );
    expect(status).toBe(422);
    expect(text).toContain('file name "');
    await expectNothingLeft();
  });

  it.each(['%00', '%0a', '%1b', '%7f', '%c2%85'])(
    'refuses a file name with the encoded control character %s',
    async (character) => {
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename*=UTF-8''a${character}b\r\n\r\n`;
      const reply = await send(Buffer.concat([Buffer.from(`${head}x\r\n`), end]));
      expect(reply).toMatchObject({
        status: 422,
        text: expect.stringContaining('control characters'),
      });
      await expectNothingLeft();
    },
  );

  it('refuses a part named files without a file name', async () => {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="files"`;
    for (const rest of [
      '\r\n\r\nx\r\n',
      '; filename=""\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n',
    ]) {
      const reply = await send(Buffer.concat([Buffer.from(head + rest), end]));
      expect(reply).toMatchObject({ status: 422, text: expect.stringContaining('filename') });
    }
    await expectNothingLeft();
  });

  it.each([
    ['no type', ''],
    ['another type', 'application/json'],
    ['no boundary', 'multipart/form-data'],
  ])('answers 400 to a body with %s', async (_, type) => {
    expect(await send(bodyOf([['a', 'b']]), type)).toMatchObject({ status: 400 });
  });

  it('answers 400 to a body that ends within a file or a header, and keeps nothing', async () => {
    const whole = bodyOf([
      ['a.txt', 'a'],
      ['b.txt', Buffer.alloc(3_000_000, 'b')],
    ]);
    for (const length of [20, 100, 200, 2_000_000, whole.length - 8]) {
      expect(await send(whole.subarray(0, length))).toMatchObject({ status: 400 });
    }
    expect(await send(Buffer.from('not multipart'))).toMatchObject({ status: 400 });
    await expectNothingLeft();
  });

  it('keeps nothing when the connection drops', async () => {
    const sending = httpRequest(url(), {
      method: 'POST',
      headers: { 'content-type': contentType, 'content-length': 50_000_000 },
    });
    sending.on('error', () => undefined);
    const arrived = new Promise<void>((resolve) => server.once('request', () => resolve()));
    sending.write(part('a.txt', 'a'));
    sending.write(part('b.txt', Buffer.alloc(5_000_000, 'b')).subarray(0, 4_000_000));
    await arrived;
    await untilTemporaryFile(join(scratch.path, 'store/tmp'));
    sending.destroy();
    await expect(settled).rejects.toThrow();
    await expectNothingLeft();
  });

  it('answers 413 with figures over the limits, and keeps nothing', async () => {
    options.maxBytes = 1_000_000;
    const large = await send(bodyOf([['large.bin', Buffer.alloc(1_000_001)]]));
    expect(large).toMatchObject({ status: 413, text: expect.stringContaining('1000000 bytes') });
    options.maxBytes = 100_000_000;
    options.maxFiles = 3;
    const many = await send(bodyOf(Array.from({ length: 4 }, (_, i) => [`f${String(i)}`, 'x'])));
    expect(many).toMatchObject({ status: 413, text: expect.stringContaining('3 files') });
    await expectNothingLeft();
  });

  it('refuses a body by its length before reading it', async () => {
    options.maxBytes = 1000;
    options.maxFiles = 1;
    const reply = await send(bodyOf([['large.bin', Buffer.alloc(2_000_000)]]));
    expect(reply).toMatchObject({ status: 413, text: expect.stringContaining('1.9 MiB') });
  });

  it('is given up with 503 when the process is to stop', async () => {
    options.signal = AbortSignal.abort();
    expect(await send(bodyOf([['a', 'b']]))).toMatchObject({ status: 503 });
    await expectNothingLeft();
  });

  it('keeps nothing when the store fails', async () => {
    const put = store.put.bind(store);
    jest.spyOn(store, 'put').mockImplementation(async (key, source, type) => {
      if (key.endsWith('file-1')) {
        if (!Buffer.isBuffer(source)) source.destroy();
        throw new TrainyardError('infrastructure', 'disk_full', 'the disk is full', 507);
      }
      return put(key, source, type);
    });
    const reply = await send(
      bodyOf([
        ['a', 'b'],
        ['large', Buffer.alloc(30_000_000)],
        ['c', 'd'],
      ]),
    );
    expect(reply).toMatchObject({ status: 507, text: 'the disk is full' });
    await expectNothingLeft();
  });

  it('keeps nothing when the row cannot be written', async () => {
    options.userId = randomUUID();
    expect(await send(bodyOf([['a', 'b']]))).toMatchObject({ status: 500 });
    await expectNothingLeft();
  });
});

async function untilTemporaryFile(folder: string): Promise<void> {
  for (const deadline = Date.now() + 4_000; (await readdir(folder)).length === 0;) {
    if (Date.now() > deadline) throw new Error('no file was begun');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
