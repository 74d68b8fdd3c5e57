import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { testDatabasePatienceMs } from '../../src/database/testing/testDatabase';
import { installationHeader, installationId } from '../../src/observability';
import { testApi, type TestApi } from '../testing/testApi';

describe('for operators, the API', () => {
  let api: TestApi;
  beforeAll(async () => void (api = await testApi()), testDatabasePatienceMs);
  afterAll(() => api.stop());

  it('says that it is alive', async () => {
    await api.as().get('/health').expect(200, {});
    await api.as().get('/api/v2/health').expect(200, {});
  });

  it('is not ready while something that it needs does not answer, and says what', async () => {
    const { body, headers } = await api.as().get('/ready').expect(503);
    expect(headers['retry-after']).toBe('5');
    const checks = { database: true, temporal: false, artifacts: true, serving: false };
    expect(body).toEqual({ ready: false, checks });
  });

  it('asks serving, which may hang, without hanging itself', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { serving } = api.deps.config;
    serving.url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const { body } = await api.as().get('/ready').expect(503);
    expect(body).toMatchObject({ checks: { serving: false } });
    silent.closeAllConnections();
    silent.close();
  });

  it('says which installation it is of', async () => {
    const name = installationHeader.toLowerCase();
    const { headers } = await api.as().get('/health');
    expect(headers[name]).toBe(installationId(api.deps.config.home));
    expect((await api.as().get('/ready')).headers[name]).toBe(headers[name]);
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
