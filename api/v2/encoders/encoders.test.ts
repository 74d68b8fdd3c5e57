import { join } from 'node:path';
import { testDatabasePatienceMs } from '../../../src/database/testing/testDatabase';
import { addFromFolder } from '../../../src/encoders';
import { writeTinyEncoder } from '../../../src/encoders/testing/tinyEncoder';
import { testApi, type TestApi } from '../../testing/testApi';

describe('GET /api/v2/encoders', () => {
  let api: TestApi;
  beforeAll(async () => void (api = await testApi()), testDatabasePatienceMs);
  afterAll(() => api.stop());

  it('lists the encoders for whoever is signed in', async () => {
    const { home } = api.deps.config;
    const folder = join(home, 'tiny');
    writeTinyEncoder(folder);
    const added = await addFromFolder(folder, { ...api.deps, home });
    const { body } = await api
      .as(await api.person())
      .get('/api/v2/encoders')
      .expect(200);
    expect(body).toEqual([
      {
        name: 'tiny',
        family: 'bert',
        dims: 32,
        max_length: 48,
        context_length: 64,
        hash: added.hash,
        bytes: added.bytes,
        licence: 'cc0-1.0',
        added_at: added.added_at.toISOString(),
      },
    ]);
    await api.as().get('/api/v2/encoders').expect(401);
  });
});
