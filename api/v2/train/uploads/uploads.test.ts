import { connect } from 'node:net';
import { testDatabasePatienceMs } from '../../../../src/database/testing/testDatabase';
import { uploadById } from '../../../../src/database/uploads';
import { openUpload } from '../../../../src/data/uploads';
import { testApi, type Person, type TestApi } from '../../../testing/testApi';

let api: TestApi;
let ana: Person;
beforeAll(async () => {
  api = await testApi();
  ana = await api.person();
}, testDatabasePatienceMs);
afterAll(() => api.stop());

async function namesOf(uploadId: string): Promise<string[]> {
  const upload = (await uploadById(api.deps.database, uploadId))!;
  expect(upload.user_id).toBe(ana.user_id);
  return (await openUpload(api.deps.store, upload)).map(({ path }) => path);
}

describe('POST /train/upload-data', () => {
  /** Not supertest: it sends only the last part of a file's name. */
  async function post(files: [string, Buffer | string][], query = '', signedIn = true) {
    const form = new FormData();
    form.append('note', 'ignored');
    for (const [name, content] of files) form.append('files', new Blob([content]), name);
    const reply = await fetch(`${api.url}/api/v2/train/upload-data${query}`, {
      method: 'POST',
      headers: signedIn ? { authorization: `Bearer ${ana.token}` } : {},
      body: form,
    });
    return { status: reply.status, text: await reply.text() };
  }
  const idIn = ({ text }: { text: string }): string =>
    (JSON.parse(text) as { upload_id: string }).upload_id;

  it('keeps the files and answers with the id of the upload', async () => {
    const reply = await post([
      ['train.csv', 'text,label\na,b\n'],
      ['mails/spam/1.txt', 'hello'],
    ]);
    expect(reply).toEqual({ status: 200, text: JSON.stringify({ upload_id: idIn(reply) }) });
    expect(await namesOf(idIn(reply))).toEqual(['mails/spam/1.txt', 'train.csv']);
  });

  it('puts them into sub_dir; an empty one is none', async () => {
    const spam = await post([['a.txt', 'x']], '?sub_dir=spam');
    expect(await namesOf(idIn(spam))).toEqual(['spam/a.txt']);
    const none = await post([['a.txt', 'x']], '?sub_dir=');
    expect(await namesOf(idIn(none))).toEqual(['a.txt']);
    const refused = await post([['a.txt', 'x']], '?sub_dir=../x');
    expect(refused).toMatchObject({ status: 422, text: expect.stringContaining('sub_dir') });
  });

  it('refuses files under another field name, which a training would not find', async () => {
    const reply = await api
      .as(ana)
      .post('/api/v2/train/upload-data')
      .attach('file', Buffer.from('a'), 'a.csv');
    expect(reply.status).toBe(422);
    expect(reply.text).toContain('"file", allowed is "files"');
  });

  it('wants a token before it looks at the body', async () => {
    expect(await post([['a.txt', 'x']], '', false)).toMatchObject({ status: 401 });
  });

  it('answers a body that is no multipart body with 400', async () => {
    const reply = await api.as(ana).post('/api/v2/train/upload-data').send({ files: [] });
    expect(reply).toMatchObject({ status: 400, text: expect.stringContaining('multipart') });
  });

  it('answers a name that leads out of the upload while the rest of the body still comes', async () => {
    const reply = await post([
      ['../../etc/passwd', 'x'],
      ['large.bin', Buffer.alloc(30_000_000)],
    ]);
    expect(reply).toMatchObject({
      status: 422,
      text: expect.stringContaining('"../../etc/passwd"'),
    });
  });

  it('lets go of a client that goes on sending after it was refused', async () => {
    const { hostname, port } = new URL(api.url);
    const socket = connect({ host: hostname, port: Number(port) });
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined);
    let reply = '';
    socket.on('data', (chunk) => (reply += chunk.toString()));
    socket.write(
      `POST /api/v2/train/upload-data HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ana.token}\r\n` +
        'Content-Type: text/plain\r\nContent-Length: 1000000\r\n\r\nonly a little',
    );
    await closed;
    expect(reply).toMatch(/^HTTP\/1\.1 400 /);
  }, 20_000);

  it('answers 507 with figures when the disk is nearly full', async () => {
    api.deps.config.leastFreeBytes = Number.MAX_SAFE_INTEGER;
    const reply = await post([['a.txt', 'x']]);
    delete api.deps.config.leastFreeBytes;
    expect(reply).toMatchObject({ status: 507, text: expect.stringMatching(/GiB .* are free/) });
  });

  it('answers 413 with figures when the upload is too large', async () => {
    const { uploads } = api.deps.config;
    const before = uploads.maxBytes;
    uploads.maxBytes = 1000;
    const reply = await post([['a.bin', Buffer.alloc(1001)]]);
    uploads.maxBytes = before;
    expect(reply).toMatchObject({ status: 413, text: expect.stringContaining('1000 bytes') });
  });
});
