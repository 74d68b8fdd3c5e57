import { randomUUID } from 'node:crypto';
import { messagesOf } from '../../../../src/database/models/messages';
import { eventsAfter } from '../../../../src/database/models/events';
import { testDatabasePatienceMs } from '../../../../src/database/testing/testDatabase';
import { testApi, type Person, type TestApi } from '../../../testing/testApi';

describe('text that the database cannot hold', () => {
  let api: TestApi;
  let person: Person;
  let modelId: string;
  beforeAll(async () => {
    api = await testApi();
    person = await api.person('root', true);
    modelId = await api.model(person);
  }, testDatabasePatienceMs);
  afterAll(() => api.stop());

  it.each(['train', 'deploy'] as const)('is told and kept with U+FFFD by /%s/log', async (job) => {
    const token = api.deps.tokens.signJob({ model_id: modelId });
    const send = (body: string) =>
      api
        .as({ token })
        .post(`/api/v2/${job}/log`)
        .set('Content-Type', 'application/json')
        .send(body);
    await send('{"level": "warning", "message": "a\\u0000b \\ud83d"}').expect(200, {});
    const text = 'a\ufffdb \ufffd';
    const db = api.deps.database;
    expect(await messagesOf(db, modelId, job)).toEqual([{ level: 'warning', text }]);
    const { events } = await eventsAfter(db, modelId, 0, 10);
    expect(events.at(-1)!.data).toEqual({ job, text });
    await api
      .as({ token: api.deps.tokens.signJob({ model_id: randomUUID() }) })
      .post(`/api/v2/${job}/log`)
      .send({ level: 'error', message: 'x' })
      .expect(404);
  });

  const columns = { text_column: 'a', label_column: 'b', n_target_classes: 2 };
  const training = (given: object) => ({
    model_name: 'm',
    model_options: columns,
    data: { supervised_files: [{ location: 's3', path: 's3://bucket/x' }] },
    ...given,
  });
  it.each([
    ['team/create', { name: 'a\0' }],
    ['user/tokens', { name: 'a\0' }],
    ['user/signup', { username: 'a', email: 'a\0@b.c', password: 'p' }],
    ['train/nlp-text', training({ model_name: 'a\0' })],
    ['train/nlp-text', training({ model_options: { ...columns, text_column: 'a\0' } })],
    ['train/nlp-text', training({ model_options: { ...columns, label_delimiter: '\0' } })],
    [
      'train/nlp-text',
      training({ data: { supervised_files: [{ location: 's3', path: 's3://bucket/\0' }] } }),
    ],
    ['train/nlp-text', training({ model_options: { ...columns, label_delimiter: ' \u001f' } })],
    ['train/nlp-text', training({ cache: '\0' })],
    ['deploy/:model', { deployment_name: 'a\0' }],
    ['deploy/:model/save', { model_name: 'a\0' }],
  ])('is refused with 422 in a request to %s: %j', async (path, body) => {
    const url = `/api/v2/${path.replace(':model', modelId)}`;
    const reply = await api.as(person).post(url).send(body);
    expect([reply.status, reply.text]).toEqual([422, expect.stringMatching(/./)]);
  });

  it('is no address and no key that somebody has', async () => {
    const login = await api.as().get('/api/v2/user/login').auth('a\0@b.c', 'p');
    expect(login.status).toBe(422);
    const setup = await api.as().get('/api/v2/setup?token=a%00');
    expect(setup.status).toBeLessThan(500);
  });
});
