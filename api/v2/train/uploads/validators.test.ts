import { randomUUID } from 'node:crypto';
import { testDatabasePatienceMs } from '../../../../src/database/testing/testDatabase';
import { testApi, type Person, type TestApi } from '../../../testing/testApi';

let api: TestApi;
let ana: Person;
beforeAll(async () => {
  api = await testApi();
  ana = await api.person();
}, testDatabasePatienceMs);
afterAll(() => api.stop());

describe('POST /train/verify-doc-dir', () => {
  const post = (body: object) => api.as(ana).post('/api/v2/train/verify-doc-dir').send(body);
  const mails = (category: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `root/${category}/${String(i)}.pdf`);

  it('says of a folder with two categories of ten files that it can be trained on', async () => {
    const { status, body } = await post({ filenames: [...mails('a', 10), ...mails('b', 11)] });
    expect(status).toBe(200);
    expect(body.is_valid).toBe(true);
    expect(body.categories.b).toHaveLength(11);
  });

  it.each([
    ['too few files', [...mails('a', 10), ...mails('b', 9)]],
    ['one category', mails('a', 30)],
    ['another form', ['a.pdf']],
    ['nothing', []],
    ['null, as clients send an empty list', null],
  ])('says with 200 what is wrong: %s', async (_, filenames) => {
    const { status, body } = await post({ filenames });
    expect({ status, valid: body.is_valid }).toEqual({ status: 200, valid: false });
    expect(body.msg).not.toBe('');
  });

  it('wants a token, and a list', async () => {
    const unknown = await api.as().post('/api/v2/train/verify-doc-dir').send({ filenames: [] });
    expect(unknown.status).toBe(401);
    expect((await post({ filenames: 'a.pdf' })).status).toBe(400);
  });
});

describe('POST /train/validate-trainable-csv', () => {
  const post = (body: object, person = ana) =>
    api.as(person).post('/api/v2/train/validate-trainable-csv').send(body);

  async function upload(...files: [string, string | Buffer][]): Promise<string> {
    const request = api.as(ana).post('/api/v2/train/upload-data').field('note', 'x');
    for (const [name, content] of files) void request.attach('files', Buffer.from(content), name);
    return (await request).body.upload_id as string;
  }

  it('lists the labels of a text file', async () => {
    const upload_id = await upload(['t.csv', 'labels,text\nspam,"buy, now"\nham,hello\nspam,x\n']);
    const reply = await post({ upload_id, type: 'text' });
    expect(reply).toMatchObject({ status: 200, body: { labels: ['spam', 'ham'] } });
  });

  it('lists the tags of a token file without O', async () => {
    const upload_id = await upload(['t.csv', 'source,target\nAna has apples,NAME O FRUIT\n']);
    const reply = await post({ upload_id, type: 'token' });
    expect(reply).toMatchObject({ status: 200, body: { labels: ['NAME', 'FRUIT'] } });
  });

  it('takes a quote that never closes for a character, as trainings do', async () => {
    const upload_id = await upload(['a.csv', 'text,labels\n"a,b\n']);
    const reply = await post({ upload_id, type: 'text' });
    expect(reply).toMatchObject({ status: 200, body: { labels: ['b'] } });
  });

  it.each([
    ['two files', 415, [['a.csv', 'text,labels\n'] as const, ['b.csv', 'text,labels\n'] as const]],
    ['no file', 415, []],
    ['a file of another kind', 415, [['a.txt', 'text,labels\n'] as const]],
    ['other columns', 422, [['a.csv', 'text,label\na,b\n'] as const]],
    ['an empty file', 422, [['a.csv', ''] as const]],
    ['a row with too many fields', 422, [['a.csv', 'text,labels\na,b,c\n'] as const]],
  ])('refuses %s with %i and a reason', async (_, status, files) => {
    const upload_id = await upload(...files.map(([n, c]): [string, string] => [n, c]));
    const reply = await post({ upload_id, type: 'text' });
    expect(reply.status).toBe(status);
    expect(reply.text).not.toBe('');
  });

  it('refuses an unknown type before it looks at the upload', async () => {
    expect(await post({ upload_id: randomUUID(), type: 'image' })).toMatchObject({
      status: 422,
      text: expect.stringContaining('"text" or "token"'),
    });
  });

  it('refuses uploads that are no id, are not there, or are of somebody else', async () => {
    expect((await post({ upload_id: 'x', type: 'text' })).status).toBe(400);
    expect((await post({ type: 'text' })).status).toBe(400);
    expect((await post({ upload_id: randomUUID(), type: 'text' })).status).toBe(404);
    const upload_id = await upload(['t.csv', 'text,labels\na,b\n']);
    const other = await api.person();
    expect((await post({ upload_id, type: 'text' }, other)).status).toBe(403);
  });
});
