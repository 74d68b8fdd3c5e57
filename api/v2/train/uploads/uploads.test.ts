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
  const post = (query = '') => api.as(ana).post(`/api/v2/train/upload-data${query}`);

  it('keeps the files and answers with the id of the upload', async () => {
    const reply = await post()
      .attach('files', Buffer.from('text,label\na,b\n'), 'train.csv')
      .attach('files', Buffer.from('hello'), { filename: 'mails/spam/1.txt' })
      .field('note', 'ignored');
    expect(reply.status).toBe(200);
    expect(Object.keys(reply.body)).toEqual(['upload_id']);
    expect(await namesOf(reply.body.upload_id)).toEqual(['mails/spam/1.txt', 'train.csv']);
  });

  it('puts them into sub_dir; an empty one is none', async () => {
    const spam = await post('?sub_dir=spam').attach('files', Buffer.from('x'), 'a.txt');
    expect(await namesOf(spam.body.upload_id)).toEqual(['spam/a.txt']);
    const none = await post('?sub_dir=').attach('files', Buffer.from('x'), 'a.txt');
    expect(await namesOf(none.body.upload_id)).toEqual(['a.txt']);
    const refused = await post('?sub_dir=../x').attach('files', Buffer.from('x'), 'a.txt');
    expect(refused).toMatchObject({ status: 422, text: expect.stringContaining('sub_dir') });
  });

  it('wants a token, even before it looks at the body', async () => {
    const reply = await api.as().post('/api/v2/train/upload-data');
    expect(reply.status).toBe(401);
  });

  it('answers a body that is no multipart body with 400', async () => {
    const reply = await post().send({ files: [] });
    expect(reply).toMatchObject({ status: 400, text: expect.stringContaining('multipart') });
  });

  it('answers a name that leads out of the upload with 422 while the body still comes', async () => {
    const reply = await post()
      .attach('files', Buffer.from('x'), { filename: '../../etc/passwd' })
      .attach('files', Buffer.alloc(20_000_000), 'large.bin');
    expect(reply).toMatchObject({
      status: 422,
      text: expect.stringContaining('"../../etc/passwd"'),
    });
  });

  it('answers 413 with figures when the upload is too large', async () => {
    const { uploads } = api.deps.config;
    const before = uploads.maxBytes;
    uploads.maxBytes = 1000;
    const reply = await post().attach('files', Buffer.alloc(1001), 'a.bin');
    uploads.maxBytes = before;
    expect(reply).toMatchObject({ status: 413, text: expect.stringContaining('1000 bytes') });
  });
});
