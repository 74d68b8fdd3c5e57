import { testDatabasePatienceMs } from '../../src/database/testing/testDatabase';
import { testApi, type TestApi } from '../testing/testApi';

describe('for operators, the API', () => {
  let api: TestApi;
  beforeAll(async () => void (api = await testApi()), testDatabasePatienceMs);
  afterAll(() => api.stop());

  it('says that it is alive', async () => {
    await api.as().get('/health').expect(200, {});
    await api.as().get('/api/v2/health').expect(200, {});
  });

  it('is not ready while Temporal does not answer, and says so', async () => {
    const reply = await api.as().get('/ready').expect(503);
    expect(reply.text).toBe('not ready: no answer from temporal\n');
    expect(reply.headers['retry-after']).toBe('5');
  });

  it('counts requests by route and not by id', async () => {
    const id = '0b9f1c9e-6a52-4a58-8d8e-0e6d1b3a7c11';
    await api.as().get(`/api/v2/model/${id}`).expect(401);
    await api.as().get(`/api/v2/${id}`).expect(404);
    const { text } = await api.as().get('/metrics').expect(200);
    const counted = text.split('\n').filter((line) => line.includes('seconds_count{'));
    const labels = 'method="GET",route="/api/v2/model/:model_id",status="401"} 1';
    expect(counted).toContainEqual(expect.stringContaining(labels));
    expect(text).not.toContain(id);
  });
});
