import { sign } from 'jsonwebtoken';
import type { ApiClient } from '../support/apiClient';
import { Parts } from '../support/parts';
import { textsCsv } from '../support/texts';
import { goTextTraining } from './goBodies';
import { ask, isStringMap, nobodysId, person, type Asking } from './wire';

jest.setTimeout(180_000);

let parts: Parts;
let ann: ApiClient & { userId: string };
let ben: ApiClient;

/** None of this needs a worker. */
beforeAll(async () => {
  parts = await Parts.start({ parts: ['api'] });
  [ann, ben] = [await person(parts, 'ann'), await person(parts, 'ben')];
});
afterAll(() => parts.stop());

/** As v2 clients name the label column. */
const csv = textsCsv({ rows: 90, classes: 3, seed: 5 }).replace('text,label', 'text,labels');
const file = (name: string, content = csv) => ({ name, content });

const call = (method: string, path: string, asking: Asking = {}) =>
  ask(parts.url('api'), method, path, asking);
const asAnn = (method: string, path: string, body?: unknown) =>
  call(method, path, { token: ann.token, body });

describe('errors', () => {
  const userToken = (secret: string, exp: number) =>
    sign({ user_id: ann.userId, exp }, secret, { algorithm: 'HS256' });

  it('are plain text with a newline and may not be sniffed', async () => {
    const reply = await call('GET', '/api/v2/model/list');
    expect(reply).toMatchObject({ status: 401, text: 'no token found\n' });
    expect(reply.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
  });

  it('are JSON for who asks for it by name', async () => {
    const reply = await call('GET', '/api/v2/model/list', {
      headers: { accept: 'application/json' },
    });
    expect(reply.headers['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(reply.text)).toMatchObject({ code: 'no_token', message: 'no token found' });
    const any = await call('GET', '/api/v2/model/list', { headers: { accept: '*/*' } });
    expect(any.headers['content-type']).toMatch(/^text\/plain/);
  });

  it('say what is wrong with a token', async () => {
    const secret = parts.env['TRAINYARD_SECRET']!;
    const soon = Math.floor(Date.now() / 1000) + 60;
    const list = async (token: string) => (await call('GET', '/api/v2/model/list', { token })).text;
    expect(await list('nonsense')).toBe('token is unauthorized\n');
    expect(await list(userToken(`${secret}?`, soon))).toBe('token is unauthorized\n');
    expect(await list(userToken(secret, soon - 120))).toBe('token is expired\n');
    expect(await list(userToken(secret, soon))).toMatch(/^\[/);
    const cookie = { cookie: `jwt=${userToken(secret, soon)}` };
    expect((await call('GET', '/api/v2/user/info', { headers: cookie })).status).toBe(200);
  });

  const refused: [string, string, string, unknown, number, RegExp][] = [
    ['an unknown route', 'GET', '/api/v2/nothing', undefined, 404, /not found/],
    ['a wrong method', 'DELETE', '/api/v2/train/nlp-text', undefined, 405, /POST/],
    ['an id that is no UUID', 'GET', '/api/v2/model/abc', undefined, 400, /invalid uuid 'abc'/],
    ['a model that is not there', 'GET', `/api/v2/model/${nobodysId}`, undefined, 404, /not found/],
    ['no body', 'POST', '/api/v2/train/nlp-text', undefined, 400, /^error parsing request body: /],
    ['broken JSON', 'POST', '/api/v2/train/nlp-text', '{"a":', 400, /^error parsing request body/],
    [
      'a trailing comma',
      'POST',
      '/api/v2/train/nlp-text',
      '{"model_name": "x",}',
      400,
      /^error parsing request body: /,
    ],
    [
      'a wrong type',
      'POST',
      '/api/v2/train/nlp-text',
      { model_options: { n_target_classes: '3' } },
      400,
      /n_target_classes/,
    ],
    [
      'a base that is no UUID',
      'POST',
      '/api/v2/train/nlp-text',
      { base_model_id: 'x' },
      400,
      /base_model_id/,
    ],
  ];
  it.each(refused)('%s', async (_, method, path, body, status, text) => {
    const reply = await asAnn(method, path, body);
    expect(reply.status).toBe(status);
    expect(reply.text).toMatch(text);
    expect(reply.text.endsWith('\n')).toBe(true);
  });

  it('name every option that is wrong, one a line', async () => {
    const reply = await asAnn('POST', '/api/v2/train/nlp-text', {});
    expect(reply.status).toBe(422);
    expect(reply.text).toMatch(
      /^unable to start nlp-text training, found the following errors: model_name/,
    );
    for (const missing of ['text_column', 'label_column', 'n_target_classes', 'supervised_files']) {
      expect(reply.text).toContain(missing);
    }
    expect(reply.text.trimEnd().split('\n').length).toBe(5);
  });

  it('at login: no header, a wrong password, an unknown e-mail', async () => {
    const basic = (words: string) => ({
      headers: { authorization: `Basic ${Buffer.from(words).toString('base64')}` },
    });
    const login = async (asking?: Asking) =>
      (await call('GET', '/api/v2/user/login', asking)).status;
    expect(await login()).toBe(401);
    expect(await login(basic('ann@example.org:wrong'))).toBe(401);
    expect(await login(basic('zoe@example.org:wrong'))).toBe(404);
  });
});

describe('bodies', () => {
  it('match their keys in any case, end after the first value, and may hold what is unknown', async () => {
    const path = await ann.upload([file('a.csv')]);
    const body = `{"MODEL_NAME": "loose", "Unknown": [1], "Model_Options": {"Text_Column": "text",
      "label_COLUMN": "labels", "n_target_classes": 3}, "DATA": {"Supervised_Files":
      [{"PATH": "${path}", "Location": "upload"}]}} {"model_name": 7`;
    const reply = await asAnn('POST', '/api/v2/train/nlp-text', body);
    expect(reply).toMatchObject({ status: 200 });
    const { model_id } = JSON.parse(reply.text) as { model_id: string };
    expect(await ann.get(`/api/v2/model/${model_id}`)).toMatchObject({ model_name: 'loose' });
  });

  it('of replies are maps of strings where clients decode them so', async () => {
    const credentials = { username: 'cy', email: 'cy@example.org', password: 'a long password' };
    expect(isStringMap(await ann.post('/api/v2/user/signup', credentials))).toBe(true);
    const authorization = `Basic ${Buffer.from('cy@example.org:a long password').toString('base64')}`;
    const login = await call('GET', '/api/v2/user/login', { headers: { authorization } });
    expect(isStringMap(JSON.parse(login.text))).toBe(true);
    const form = new FormData();
    form.append('files', new Blob(['x']), 'x.csv');
    const upload = await ann.send('/api/v2/train/upload-data', { method: 'POST', body: form });
    expect(isStringMap(upload)).toBe(true);
    const admin = await parts.client();
    expect(isStringMap(await admin.post('/api/v2/team/create', { name: 'strings' }))).toBe(true);
  });

  it('of nothing to say are {}', async () => {
    expect(await call('GET', '/api/v2/health')).toMatchObject({ status: 200, text: '{}' });
    const model = await ann.trainText('private', await ann.upload([file('a.csv')]));
    const reply = await asAnn('POST', `/api/v2/model/${model}/access`, { access: 'private' });
    expect(reply).toMatchObject({ status: 200, text: '{}' });
  });
});

describe('an upload', () => {
  it('takes several files, a sub_dir, and an empty sub_dir, which means none', async () => {
    for (const subDir of ['abc', 'ABC_9', '', undefined]) {
      const uploadId = await ann.upload([file('a.csv'), file('b.csv'), file('c.csv')], subDir);
      expect(uploadId).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it.each(['a/b', '..', 'a b', 'é'])('refuses sub_dir=%s', async (subDir) => {
    await expect(ann.upload([file('a.csv')], subDir)).rejects.toMatchObject({ status: 422 });
  });

  it('refuses a body that is no multipart form, and one that breaks off', async () => {
    const post = (headers: Record<string, string>, body: string) =>
      call('POST', '/api/v2/train/upload-data', { token: ann.token, headers, body });
    expect((await post({}, 'text')).status).toBe(400);
    expect((await post({ 'content-type': 'multipart/form-data' }, 'text')).status).toBe(400);
    const part = 'Content-Disposition: form-data; name="files"; filename="a.csv"';
    const broken = `--x\r\n${part}\r\n\r\ntext,lab`;
    const reply = await post({ 'content-type': 'multipart/form-data; boundary=x' }, broken);
    expect(reply.status).toBe(400);
  });

  it('must exist and be your own, even for an administrator', async () => {
    const train = (client: ApiClient, uploadId: string) =>
      call('POST', '/api/v2/train/nlp-text', {
        token: client.token,
        body: goTextTraining('not mine', uploadId, 3),
      });
    const gone = await train(ann, nobodysId);
    expect(gone.status).toBe(404);
    expect(gone.text).toContain('does not exist');
    const hers = await ann.upload([file('a.csv')]);
    for (const client of [ben, await parts.client()]) {
      const reply = await train(client, hers);
      expect(reply.status).toBe(403);
      expect(reply.text).toContain('does not have permission to access upload');
    }
    const noId = await train(ann, 'not-an-id');
    expect(noId.status).toBe(400);
  });
});

describe('CSV validation', () => {
  const validate = async (type: string, ...files: { name: string; content: string }[]) =>
    asAnn('POST', '/api/v2/train/validate-trainable-csv', {
      upload_id: await ann.upload(files),
      type,
    });

  it('lists the labels of a good file', async () => {
    const text = await validate('text', file('a.csv', 'labels,text\nx,one\ny,two\n'));
    expect(JSON.parse(text.text)).toEqual({ labels: ['x', 'y'] });
    const token = await validate('token', file('a.csv', 'source,target\na b c,O N O\nd,L\n'));
    expect(JSON.parse(token.text)).toEqual({ labels: ['N', 'L'] });
  });

  const bad: [string, string, { name: string; content: string }[], number, string][] = [
    ['no .csv file', 'text', [file('a.txt')], 415, 'only CSV file is supported'],
    ['two files', 'text', [file('a.csv'), file('b.csv')], 415, 'only CSV file is supported'],
    ['other columns', 'text', [file('a.csv', 'text,label\na,b\n')], 422, 'invalid column'],
    [
      'a row of three',
      'text',
      [file('a.csv', 'text,labels\na,b,c\n')],
      422,
      'wrong number of fields',
    ],
    [
      'uneven tokens',
      'token',
      [file('a.csv', 'source,target\na b c d e,O O O O O O\n')],
      422,
      'number of source tokens: 5 ≠ number of target tokens: 6',
    ],
    ['another type', 'image', [file('a.csv')], 422, 'type'],
  ];
  it.each(bad)('says what is wrong with %s', async (_, type, files, status, text) => {
    const reply = await validate(type, ...files);
    expect(reply.text).toContain(text);
    expect(reply.status).toBe(status);
  });

  it('accepts a folder of documents of the intended shape', async () => {
    const names = ['cats', 'dogs'].flatMap((category) =>
      Array.from({ length: 10 }, (_, i) => `root/${category}/${i}.pdf`),
    );
    const verify = async (filenames: string[]) =>
      JSON.parse(
        (await asAnn('POST', '/api/v2/train/verify-doc-dir', { filenames })).text,
      ) as object;
    expect(await verify(names)).toMatchObject({ is_valid: true });
    expect(await verify(names.slice(1))).toMatchObject({ is_valid: false });
    expect(await verify([])).toMatchObject({ is_valid: false });
  });
});
