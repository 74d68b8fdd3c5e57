import { randomUUID } from 'node:crypto';
import { testDatabasePatienceMs } from '../../../../src/database/testing/testDatabase';
import { testApi, type Person, type TestApi } from '../../../testing/testApi';

let api: TestApi;
let ana: Person;
let model: string;
beforeAll(async () => {
  api = await testApi();
  ana = await api.person();
  model = await api.model(ana);
}, testDatabasePatienceMs);
afterAll(() => api.stop());

/** All that puts something on this machine's disk. */
describe.each([
  ['POST /train/upload-data', () => '/train/upload-data'],
  ['POST /train/nlp-text', () => '/train/nlp-text'],
  ['POST /train/verify-doc-dir', () => '/train/verify-doc-dir'],
  ['POST /train/validate-trainable-csv', () => '/train/validate-trainable-csv'],
  ['POST /deploy/{model_id}', () => `/deploy/${model}`],
])('%s', (_, path) => {
  const post = (person?: Person, to = path()) => api.as(person).post(`/api/v2${to}`).send('{');

  it('answers 507 with figures when the disk is nearly full, whatever was sent', async () => {
    const before = await post(ana);
    expect(before.status).toBe(400);
    api.deps.config.leastFreeBytes = Number.MAX_SAFE_INTEGER;
    const [full, stranger] = [await post(ana), await post()];
    delete api.deps.config.leastFreeBytes;
    expect(full).toMatchObject({ status: 507, text: expect.stringMatching(/GiB of .* are free/) });
    expect(stranger.status).toBe(401);
  });
});

test('POST /train/{model_id}/retry answers 507 too, before it opens anything again', async () => {
  const retry = () => api.as(ana).post(`/api/v2/train/${model}/retry`).send({});
  expect(await retry()).toMatchObject({ status: 422, text: expect.stringContaining('retried') });
  api.deps.config.leastFreeBytes = Number.MAX_SAFE_INTEGER;
  const full = await retry();
  delete api.deps.config.leastFreeBytes;
  expect(full).toMatchObject({ status: 507, text: expect.stringMatching(/GiB of .* are free/) });
});

test('whose model it is counts before the disk', async () => {
  const ben = await api.person();
  api.deps.config.leastFreeBytes = Number.MAX_SAFE_INTEGER;
  const deploy = (id: string) => api.as(ben).post(`/api/v2/deploy/${id}`).send({});
  const replies = [await deploy(model), await deploy(randomUUID()), await deploy('x')];
  delete api.deps.config.leastFreeBytes;
  expect(replies.map(({ status }) => status)).toEqual([403, 404, 400]);
});
