import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { testDatabasePatienceMs } from '../../../../src/database/testing/testDatabase';
import { uploadById } from '../../../../src/database/uploads/uploads';
import { lockUser } from '../../../../src/database/accounts/users';
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

function formOf(files: [string, Buffer | string][]): FormData {
  const form = new FormData();
  form.append('note', 'ignored');
  for (const [name, content] of files) form.append('files', new Blob([content]), name);
  return form;
}

/** Not supertest: it sends only the last part of a file's name. */
async function post(files: [string, Buffer | string][], query = '', who: Person | null = ana) {
  const reply = await fetch(`${api.url}/api/v2/train/upload-data${query}`, {
    method: 'POST',
    headers: who ? { authorization: `Bearer ${who.token}` } : {},
    body: formOf(files),
  });
  return { status: reply.status, text: await reply.text() };
}
const idIn = ({ text }: { text: string }): string =>
  (JSON.parse(text) as { upload_id: string }).upload_id;

/** An upload of which some has come, and the rest never will. */
async function begun(who: Person): Promise<Socket> {
  const { hostname, port } = new URL(api.url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  socket.write(
    `POST /api/v2/train/upload-data HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${who.token}\r\n` +
      'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 90000000\r\n\r\n' +
      '--b\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n',
  );
  socket.write(Buffer.alloc(3_000_000));
  const temporary = join(api.deps.config.home, 'artifacts/tmp');
  await until(async () => (await readdir(temporary)).length > 0);
  return socket;
}

async function until(reached: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await reached());) {
    if (Date.now() > deadline) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('POST /train/upload-data', () => {
  it('keeps the files and answers with the id of the upload', async () => {
    const reply = await post([
      ['train.csv', 'text,label\na,b\n'],
      ['mails/spam/1.txt', 'hello'],
    ]);
    // Clients of v2 read the reply into a map of strings, and look for the first field.
    expect(reply).toEqual({
      status: 200,
      text: JSON.stringify({
        upload_id: idIn(reply),
        file_count: '2',
        bytes: '20',
        files: '5 mails/spam/1.txt\n15 train.csv',
      }),
    });
    expect(await namesOf(idIn(reply))).toEqual(['mails/spam/1.txt', 'train.csv']);
  });

  it('refuses two files of one name, and says of names that look alike', async () => {
    const twice = await post([
      ['train.csv', 'text,label\na,b\n'],
      ['train.csv', 'text,label\nc,d\n'],
    ]);
    expect(twice).toMatchObject({ status: 422, text: expect.stringContaining('"train.csv"') });
    const alike = await post([
      ['Spam/1.txt', 'a'],
      ['spam/2.txt', 'b'],
    ]);
    expect(JSON.parse(alike.text)).toMatchObject({
      file_count: '2',
      warnings: expect.stringContaining('differ only in upper and lower case'),
    });
  });

  it('names the first of very many files, and how many more there are', async () => {
    const many = Array.from({ length: 1003 }, (_, i): [string, string] => [`${i}.txt`, 'x']);
    const { files } = JSON.parse((await post(many)).text) as { files: string };
    expect(files.split('\n')).toHaveLength(1001);
    expect(files).toMatch(/\n… and 3 more: GET \/api\/v2\/train\/uploads\/[0-9a-f-]{36}$/);
  });

  it('takes so many at once of one user, and says when to try again', async () => {
    const { quotas } = api.deps.config;
    const before = quotas.uploadsUnderWay;
    quotas.uploadsUnderWay = 1;
    const first = await begun(ana);
    expect(await post([['a.txt', 'x']])).toMatchObject({
      status: 429,
      text: expect.stringContaining('1 upload under way at once (TRAINYARD_USER_UPLOADS)'),
    });
    const other = await api.person();
    expect(await post([['a.txt', 'x']], '', other)).toMatchObject({ status: 200 });
    first.destroy();
    await until(async () => (await post([['a.txt', 'x']])).status === 200);
    quotas.uploadsUnderWay = before;
    expect(await api.deps.metrics.metrics()).toMatch(
      /trainyard_limits_reached_total\{limit="too_many_uploads".*\} [1-9]/,
    );
  });

  it('answers 507 when the uploads of a user take what they may', async () => {
    const { quotas } = api.deps.config;
    const before = quotas.storedBytes;
    quotas.storedBytes = 10;
    const other = await api.person();
    expect(await post([['a.txt', 'x'.repeat(10)]], '', other)).toMatchObject({ status: 200 });
    const over = await fetch(`${api.url}/api/v2/train/upload-data`, {
      method: 'POST',
      headers: { authorization: `Bearer ${other.token}` },
      body: formOf([['b.txt', 'x']]),
    });
    quotas.storedBytes = before;
    expect(over.status).toBe(507);
    expect(over.headers.get('retry-after')).toBe('3600');
    expect(await over.text()).toContain('may take 10 bytes together');
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
    expect(await post([['a.txt', 'x']], '', null)).toMatchObject({ status: 401 });
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
    expect(reply).toMatchObject({ status: 507, text: expect.stringMatching(/iB of .* are free/) });
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

describe('/train/uploads', () => {
  const at = (id = '', who: Person = ana) => api.as(who).get(`/api/v2/train/uploads${id}`);
  const remove = (id: string, who: Person = ana) =>
    api.as(who).delete(`/api/v2/train/uploads/${id}`);
  const objects = async (id: string): Promise<number> => {
    let count = 0;
    for await (const key of api.deps.store.list(`uploads/${id}/`)) count += key ? 1 : 0;
    return count;
  };
  const train = (upload: string, who: Person, name: string = randomUUID()) =>
    api
      .as(who)
      .post('/api/v2/train/nlp-text')
      .send({
        model_name: name,
        model_options: { text_column: 'text', label_column: 'label', n_target_classes: 2 },
        data: { supervised_files: [{ path: upload, location: 'upload' }] },
      });
  const end = (model: string) =>
    api.deps.database.query('UPDATE run SET ended_at = now() WHERE model_id = $1', [model]);

  it('lists them in pages, newest first, to whom they belong and to administrators', async () => {
    const [bo, admin] = [await api.person(), await api.person('root', true)];
    const ids: string[] = [];
    for (const name of ['one', 'two', 'three'])
      ids.unshift(idIn(await post([[name, name]], '', bo)));
    const first = await api.as(bo).get('/api/v2/train/uploads?limit=2').expect(200);
    const all = first.body as { upload_id: string }[];
    expect(all.map(({ upload_id }) => upload_id)).toEqual(ids.slice(0, 2));
    expect(all[0]).toEqual({
      upload_id: ids[0],
      user_id: bo.user_id,
      username: bo.username,
      created_at: expect.any(String),
      file_count: 1,
      bytes: 5,
      files: [{ name: 'three', bytes: 5 }],
      used_by: [],
    });
    const after = encodeURIComponent(first.headers['x-next-after'] as string);
    const second = await at(`?limit=2&after=${after}`, bo).expect(200);
    expect(second.body).toMatchObject([{ upload_id: ids[2] }]);
    expect(second.headers['x-next-after']).toBeUndefined();
    expect((await at('', admin)).body).toEqual(expect.arrayContaining(all));
    expect((await at('', await api.person())).body).toEqual([]);
    await at('?after=yesterday').expect(422);
  });

  it('shows one with all of its files', async () => {
    const many = Array.from({ length: 25 }, (_, i): [string, string] => [`${i + 10}.txt`, 'x']);
    const id = idIn(await post(many));
    expect((await at(`/${id}`)).body).toMatchObject({
      files: many.map(([name]) => ({ name, bytes: 1 })),
    });
    await at(`/${id}`, await api.person()).expect(403);
    await at(`/${randomUUID()}`).expect(404);
    await at('/x').expect(400);
  });

  it('shows nothing of an upload that has not ended, and never will', async () => {
    const bo = await api.person();
    const half = await begun(bo);
    expect((await at('', bo)).body).toEqual([]);
    half.destroy();
    const temporary = join(api.deps.config.home, 'artifacts/tmp');
    await until(async () => (await readdir(temporary)).length === 0);
    expect((await at('', bo)).body).toEqual([]);
  });

  it('deletes one with its objects, for its owner and administrators', async () => {
    const ids = [idIn(await post([['a', 'x']])), idIn(await post([['a', 'x']]))] as const;
    await remove(ids[0], await api.person()).expect(403);
    expect(await objects(ids[0])).toBeGreaterThan(0);
    await remove(ids[0]).expect(200, {});
    await remove(ids[1], await api.person(undefined, true)).expect(200);
    for (const id of ids) {
      expect(await objects(id)).toBe(0);
      await remove(id).expect(404);
    }
  });

  it('keeps one that trainings read until they have ended, and names them', async () => {
    const id = idIn(await post([['a.csv', 'text,label\n']]));
    const made = await train(id, ana, 'reader').expect(200);
    const { model_id } = made.body as { model_id: string };
    expect((await at(`/${id}`)).body).toMatchObject({
      used_by: [{ model_id, model_name: 'reader', train_status: 'not_started' }],
    });
    const refused = await remove(id).expect(409);
    expect(refused.text).toContain(`read it: reader (${model_id})`);
    await end(model_id);
    await remove(id).expect(200);
  });

  it('loses no training that begins while an upload is deleted', async () => {
    for (let round = 0; round < 10; round++) {
      const id = idIn(await post([['a.csv', 'text,label\n']]));
      const [deleted, begun] = await Promise.all([remove(id), train(id, ana)]);
      expect([`${deleted.status} ${begun.status}`]).toEqual([
        expect.stringMatching(/^(200 404|409 200)$/),
      ]);
      expect((await at(`/${id}`)).status).toBe(deleted.status === 200 ? 404 : 200);
    }
  });

  it('has so many trainings of one user waiting or running, however many are asked for', async () => {
    const bo = await api.person();
    const id = idIn(await post([['a.csv', 'text,label\n']], '', bo));
    const { quotas } = api.deps.config;
    const before = quotas.trainings;
    quotas.trainings = 3;
    const replies = await Promise.all(Array.from({ length: 9 }, () => train(id, bo)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(3);
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(6);
    expect(refused[0]!.headers['retry-after']).toBe('60');
    const { model_id } = replies.find(({ status }) => status === 200)!.body as { model_id: string };
    await end(model_id);
    await train(id, bo).expect(200);
    const retried = await api.as(bo).post(`/api/v2/train/${model_id}/retry`).send({});
    quotas.trainings = before;
    expect(retried).toMatchObject({ status: 429, text: expect.stringContaining('3 trainings') });
  });

  it('leaves the database to others while one user asks for many trainings', async () => {
    const bo = await api.person();
    const id = idIn(await post([['a.csv', 'text,label\n']], '', bo));
    const { database } = api.deps;
    let sent!: Promise<{ status: number }[]>;
    await database.transaction(async (tx) => {
      await lockUser(tx, bo.user_id);
      sent = Promise.all(Array.from({ length: 30 }, () => train(id, bo)));
      await until(async () => {
        const sql = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
        return (await database.query<unknown[]>(sql)).length > 0;
      });
      await at().expect(200);
    });
    expect((await sent).map(({ status }) => status)).toEqual(Array(30).fill(200));
  });

  it('reads once what a request names often, and says so', async () => {
    const id = idIn(await post([['a.csv', 'text,label\n']]));
    const files = (path: string, count: number) =>
      Array.from({ length: count }, () => ({ path, location: 'upload' }));
    const body = (supervised_files: object[]) => ({
      model_name: randomUUID(),
      model_options: { text_column: 'text', label_column: 'label', n_target_classes: 2 },
      data: { supervised_files, test_files: files(id, 1) },
    });
    const ask = (supervised_files: object[]) =>
      api.as(ana).post('/api/v2/train/nlp-text').send(body(supervised_files));
    const made = await ask([...files(id, 9000), ...files(id.toUpperCase(), 1)]).expect(200);
    const { model_id } = made.body as { model_id: string };
    const status = await api.as(ana).get(`/api/v2/train/${model_id}/status`).expect(200);
    expect((status.body as { warnings: string[] }).warnings).toEqual([
      'data.supervised_files: 9000 files are named more than once, and read once',
    ]);
    const [run] = await api.deps.database.query<{ sources: object[] }[]>(
      `SELECT data -> 'sources' AS sources FROM run WHERE model_id = $1`,
      [model_id],
    );
    expect(run!.sources).toHaveLength(2);
    const many = await ask(files(id, 10_001)).expect(422);
    expect(many.text).toContain('data.supervised_files names 10001 files, allowed are 10000');
    const others = await ask([...files(id, 1), ...files(randomUUID(), 1)]).expect(404);
    expect(others.text).toMatch(/^invalid uploads specified: upload .* does not exist/);
    await ask([...files(id, 1), ...files('x', 1)]).expect(400);
  });
});
